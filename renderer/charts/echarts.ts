/**
 * The parts of ECharts that are bundled, and the one shape that all layers are drawn with: the only
 * file that imports ECharts.
 */
import { CustomChart } from 'echarts/charts'
import { GridComponent } from 'echarts/components'
import { graphic, init, use, type EChartsCoreOption, type EChartsType } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { tracePath, type FlatPathData, type PathPen } from './flatPath.ts'

use([CustomChart, GridComponent, CanvasRenderer])

/**
 * A path from flat pixel coordinates. ECharts' own line series keeps every point as an item of
 * data; a whole line as one shape costs a fraction of that.
 */
const FlatPath = graphic.extendShape({
  type: 'flatPath',
  shape: { path: { points: new Float32Array(), outline: 'line' } as FlatPathData },
  buildPath(context: unknown, shape: unknown) {
    const { points, outline } = (shape as { path: FlatPathData }).path
    tracePath(context as PathPen, points, outline)
  },
})
graphic.registerShape('flatPath', FlatPath)

export { init, type EChartsCoreOption as ChartOption, type EChartsType as Chart }
