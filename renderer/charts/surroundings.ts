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

const margins = { left: 56, right: 14, top: 8, bottom: 24 }

/** The texts of the axes have their room in every size. */
function marginsFor(fontPx: number): typeof margins {
  const scale = fontPx / 11
  return { ...margins, left: margins.left * scale, bottom: margins.bottom * scale }
}

export function plotOf({
  width,
  height,
  theme,
}: Pick<ChartView, 'width' | 'height' | 'theme'>): Plot {
  const { left, right, top, bottom } = marginsFor(theme.fontPx)
  return {
    left,
    top,
    width: Math.max(1, width - left - right),
    height: Math.max(1, height - top - bottom),
  }
}

export function axisOption(
  axis: AxisModel,
  window: Window,
  count: number,
  { theme }: ChartView,
  side: 'x' | 'y',
  plot: Plot,
) {
  const ticks = ticksOf(window, axis, Math.max(2, Math.floor(count)))
  const texts = tickTexts(ticks, axis)
  // ECharts sees shares of the axis: what they mean is decided here, for linear and log axes alike.
  const start = toScale(axis.scale, window.from)
  const extent = toScale(axis.scale, window.to) - start || 1
  const positions = ticks.map((tick) => (toScale(axis.scale, tick) - start) / extent)
  // On screen the axis' name stands at the right end, where a tick's text would be.
  const nameShare = (axisText(axis).length * 0.5 * theme.fontPx + 6) / plot.width
  const isUnderName = (position: number) =>
    side === 'x' && position > 1 - nameShare - 14 / plot.width
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
    ...(side === 'x'
      ? {
          name: axisText(axis),
          nameLocation: 'end',
          nameGap: 0,
          nameTextStyle: {
            color: theme.color('faint'),
            fontSize: theme.fontPx,
            align: 'right',
            verticalAlign: 'top',
            padding: [6, 0, 0, 0],
          },
        }
      : {}),
  }
}

/** ECharts rounds positions a little. */
function nearest(positions: readonly number[], position: number): number {
  return positions.findIndex((own) => Math.abs(own - position) < 1e-6)
}
