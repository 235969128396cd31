/** What a page's runs gave, as a picture for paper: one line for each run. */
import { hasSamples } from '../../../core/config/index.ts'
import type { LessonData } from '../../../core/lessons/index.ts'
import { xExtent, type ChartModel } from '../../../figures/index.ts'
import { pictureOf } from '../../handOut/handOutPage.ts'
import type { OpenRun } from '../../stores/openRun.ts'

type Show = NonNullable<LessonData['pages'][number]['show']>

/** @returns a picture as data, or undefined where the runs have not been played */
export function pageChart(
  { runs }: Show,
  runOf: (name: string) => OpenRun | undefined,
  titleOf: (name: string) => string,
): { readonly source: string; readonly text: string } | undefined {
  const played = runs.flatMap((name) => {
    const run = runOf(name)
    return run === undefined || run.series.rounds === 0 ? [] : [{ name, run }]
  })
  const config = played[0]?.run.config
  if (config === undefined) return undefined
  const isAccuracy = hasSamples(config.task)
  const column = isAccuracy ? 'testAccuracy' : 'testLoss'
  const title = isAccuracy ? 'Test accuracy' : 'Test loss'
  const columns = played.map(({ run }) => run.series.view())
  const model: ChartModel = {
    title,
    x: { label: 'round', quantity: 'count', scale: 'linear' },
    y: {
      label: title.toLowerCase(),
      quantity: isAccuracy ? 'share' : 'value',
      scale: isAccuracy ? 'linear' : 'log',
    },
    layers: played.map(({ name }, at) => ({
      kind: 'line',
      id: name,
      name: titleOf(name),
      color: `chart-${(at % 8) + 1}`,
      x: columns[at]!.round,
      y: columns[at]![column],
      width: 2.5,
    })),
    markers: [],
    emptyText: '',
  }
  const extents = columns.map(({ round }) => xExtent(round, 'linear'))
  const window = { from: 0, to: Math.max(...extents.map(({ to }) => to)) }
  return {
    source: pictureOf(model, window),
    text: `${title} over rounds: ${played.map(({ name }) => titleOf(name)).join(', ')}`,
  }
}
