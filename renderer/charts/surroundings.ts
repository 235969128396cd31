/**
 * What stands around a plot: its margins, the axes with their texts, and for files title and
 * legend. Pure functions.
 */
import {
  type AxisModel,
  type ChartModel,
  legendOf,
  type Plot,
  type RasterLayer,
  ticksOf,
  tickTexts,
  toScale,
  type Window,
} from '../../figures/index.ts'
import type { ChartView } from './chartView.ts'

const margins = { left: 56, right: 14, top: 8, bottom: 24 }
const standaloneMargins = { left: 76, right: 24, top: 76, bottom: 56 }

export function plotOf({
  width,
  height,
  isStandalone,
}: Pick<ChartView, 'width' | 'height' | 'isStandalone'>): Plot {
  const { left, right, top, bottom } = isStandalone ? standaloneMargins : margins
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
  { theme, isStandalone }: ChartView,
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
  const nameShare = isStandalone ? 0 : (axis.label.length * 5.5 + 6) / plot.width
  const isUnderName = (position: number) =>
    side === 'x' && !isStandalone && position > 1 - nameShare - 14 / plot.width
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
      fontSize: isStandalone ? 12 : 11,
      hideOverlap: true,
      margin: 6,
      showMinLabel: true,
      showMaxLabel: true,
    },
    ...(isStandalone
      ? {
          name: axis.label,
          nameLocation: 'middle',
          nameGap: side === 'x' ? 32 : 58,
          nameTextStyle: { color: theme.color('muted'), fontSize: 12 },
        }
      : side === 'x'
        ? {
            name: axis.label,
            nameLocation: 'end',
            nameGap: 0,
            nameTextStyle: {
              color: theme.color('faint'),
              fontSize: 11,
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

function legendEntries(model: ChartModel, { hidden }: ChartView) {
  return legendOf(model).filter(({ name, shape }) => shape !== 'raster' && !hidden.has(name))
}

/**
 * A legend of ECharts' takes its colours from series of the same names: these have them, and draw
 * nothing.
 */
export function legendSeries(model: ChartModel, view: ChartView) {
  return legendEntries(model, view).map(({ name, color }) => ({
    type: 'custom',
    id: `legend:${name}`,
    name,
    itemStyle: { color: view.theme.color(color) },
    data: [],
    renderItem: () => undefined,
  }))
}

export function captions(model: ChartModel, view: ChartView) {
  const { theme } = view
  const entries = legendEntries(model, view)
  return {
    title: {
      text: model.title,
      left: standaloneMargins.left,
      top: 16,
      textStyle: { color: theme.color('text'), fontSize: 16, fontWeight: 600 },
    },
    legend: {
      data: entries.map(({ name, shape }) => ({
        name,
        icon: shape === 'area' ? 'roundRect' : 'path://M0,4L20,4L20,6L0,6Z',
      })),
      left: standaloneMargins.left - 4,
      top: 44,
      itemWidth: 18,
      itemHeight: 10,
      selectedMode: false,
      textStyle: { color: theme.color('muted'), fontSize: 12 },
    },
    graphic: model.layers.flatMap((layer) =>
      layer.kind === 'raster' ? [heatScale(layer.legend, view)] : [],
    ),
  }
}

/** What a raster's colours mean: from low to high. */
function heatScale({ low, high }: RasterLayer['legend'], { theme }: ChartView) {
  const width = 80
  const text = (words: string, x: number, align: 'left' | 'right') => ({
    type: 'text',
    style: { text: words, x, y: 6, align, verticalAlign: 'middle', fill, font },
  })
  const fill = theme.color('muted')
  const font = `12px ${theme.font}`
  // The words at the left take what they take: the bar's place is fixed, they end before it.
  const start = 6.5 * low.length + 8
  return {
    type: 'group',
    left: standaloneMargins.left,
    top: 46,
    children: [
      text(low, start - 8, 'right'),
      {
        type: 'rect',
        shape: { x: start, y: 0, width, height: 12, r: 6 },
        style: {
          fill: {
            type: 'linear',
            x: 0,
            y: 0,
            x2: 1,
            y2: 0,
            colorStops: [
              { offset: 0, color: theme.color('heat-0') },
              { offset: 1, color: theme.color('heat-1') },
            ],
          },
        },
      },
      text(high, start + width + 8, 'left'),
    ],
  }
}
