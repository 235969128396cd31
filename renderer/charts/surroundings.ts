/** What stands around a plot: its margins, the axes with their texts. Pure functions. */
import {
  type AxisModel,
  axisText,
  type Plot,
  ticksOf,
  tickTexts,
  toScale,
  type Window,
} from '../../figures/index.ts'
import type { ChartView } from './chartView.ts'

const margins = { left: 64, right: 14, top: 8, bottom: 24 }

/** From this height on, in lines of text, the x axis' name stands below its ticks. */
const tallLines = 18

type Size = Pick<ChartView, 'width' | 'height' | 'theme'>

const isTall = ({ height, theme }: Pick<Size, 'height' | 'theme'>) =>
  height >= tallLines * theme.fontPx

/** The texts of the axes have their room in every size. */
function marginsFor(size: Size): typeof margins {
  const scale = size.theme.fontPx / 11
  const bottom = margins.bottom + (isTall(size) ? 16 : 0)
  return { ...margins, left: margins.left * scale, bottom: bottom * scale }
}

export function plotOf(size: Size): Plot {
  const { left, right, top, bottom } = marginsFor(size)
  return {
    left,
    top,
    width: Math.max(1, size.width - left - right),
    height: Math.max(1, size.height - top - bottom),
  }
}

const widthOf = (text: string, fontPx: number) => text.length * 0.54 * fontPx

export function axisOption(
  axis: AxisModel,
  window: Window,
  count: number,
  { theme, height }: Pick<ChartView, 'theme' | 'height'>,
  side: 'x' | 'y',
  plot: Plot,
) {
  const ticks = ticksOf(window, axis, Math.max(2, Math.floor(count)))
  const texts = tickTexts(ticks, axis)
  // ECharts sees shares of the axis: what they mean is decided here, for linear and log axes alike.
  const start = toScale(axis.scale, window.from)
  const extent = toScale(axis.scale, window.to) - start || 1
  const positions = ticks.map((tick) => (toScale(axis.scale, tick) - start) / extent)
  const isBelow = isTall({ height, theme })
  // In a low chart the name stands at the right end, where a tick's text would be.
  const nameShare = (widthOf(axisText(axis), theme.fontPx) + 6) / plot.width
  const isUnderName = (position: number) =>
    side === 'x' && !isBelow && position > 1 - nameShare - 14 / plot.width
  return {
    type: 'value',
    min: 0,
    max: 1,
    axisLine: {
      show: side === 'x',
      lineStyle: { color: theme.color('line-strong') },
      onZero: false,
    },
    axisTick: {
      show: side === 'x',
      customValues: positions,
      length: 3,
      lineStyle: { color: theme.color('line-strong') },
    },
    splitLine: { show: side === 'y', lineStyle: { color: theme.color('chart-grid') } },
    axisLabel: {
      customValues: positions,
      formatter: (position: number) =>
        isUnderName(position) ? '' : (texts[nearest(positions, position)] ?? ''),
      color: theme.color('chart-axis'),
      fontSize: theme.fontPx,
      hideOverlap: true,
      margin: 6,
      showMinLabel: true,
      showMaxLabel: true,
    },
    ...nameOption(axis, side, plot, theme, isBelow),
  }
}

/** The axis' name: along a y axis where it fits, below an x axis or at its end. */
function nameOption(
  axis: AxisModel,
  side: 'x' | 'y',
  plot: Plot,
  { color, fontPx }: ChartView['theme'],
  isBelow: boolean,
) {
  const name = axisText(axis)
  const style = { color: color('faint'), fontSize: fontPx }
  if (side === 'y') {
    if (widthOf(name, fontPx) + fontPx > plot.height) return {}
    return {
      name,
      nameLocation: 'middle',
      nameRotate: 90,
      nameGap: plot.left - fontPx - 4,
      nameTextStyle: { ...style, align: 'center', verticalAlign: 'middle' },
    }
  }
  if (isBelow)
    return {
      name,
      nameLocation: 'middle',
      nameGap: fontPx * 2,
      nameTextStyle: { ...style, align: 'center', verticalAlign: 'top' },
    }
  return {
    name,
    nameLocation: 'end',
    nameGap: 0,
    nameTextStyle: { ...style, align: 'right', verticalAlign: 'top', padding: [6, 0, 0, 0] },
  }
}

/** ECharts rounds positions a little. */
function nearest(positions: readonly number[], position: number): number {
  return positions.findIndex((own) => Math.abs(own - position) < 1e-6)
}
