/** What stands in a run's hand-out: its sentence, figures, charts and the last round. */
import { factsOfTask, hasSamples } from '../../../core/config/index.ts'
import {
  figureMeanings,
  formatBytes,
  formatCount,
  formatShare,
  formatValue,
  lossScaleOf,
  runCharts,
  type RunFacts,
} from '../../../figures/index.ts'
import { handOutPage, pictureOf } from '../../handOut/handOutPage.ts'
import { runSentence } from '../../library/runSentence.ts'
import { useEngine } from '../../stores/engine.ts'
import { useLibrary } from '../../stores/library.ts'
import { useNotices } from '../../stores/notices.ts'
import type { OpenRun } from '../../stores/openRun.ts'
import { shellPort } from '../../stores/ports.ts'
import { nameOf } from '../../stores/runNames.ts'
import { useRuns } from '../../stores/runs.ts'
import type { HandOutChart, HandOutFigure } from './handOutParts.ts'
import RunHandOut from './RunHandOut.vue'

/** @throws Error for a run without a round */
async function runHandOut(run: OpenRun): Promise<string> {
  const { config, record, folder } = run
  const sentence = runSentence(run, useLibrary().listings)
  if (config === undefined || record === undefined || sentence === undefined)
    throw new Error('It has no round yet. Play it first.')
  const columns = run.series.view()
  const facts: RunFacts = {
    ...{ config, columns, dim: record.model.dim },
    ...{ initial: record.initial, changes: run.changes },
  }
  const name = nameOf(run)
  // What a run began with may be gone: the rest is worth a page, too.
  const walk = await useEngine()
    .request('readWalk', { folder, round: columns.round.length - 1 })
    .catch(() => undefined)
  const props = { name, sentence, config, walk, figures: figuresOf(run), charts: chartsOf(facts) }
  return handOutPage(name, RunHandOut, props)
}

function figuresOf({ config, series, record }: OpenRun): HandOutFigure[] {
  const columns = series.view()
  const last = columns.round.length - 1
  const hasAccuracy = factsOfTask(config!.task).hasAccuracy
  const up = columns.cumulativeUplinkBytes[last]!
  const down = columns.cumulativeDownlinkBytes[last]!
  const of = (kind: keyof typeof figureMeanings, value: string, text?: string) => ({
    ...{ title: figureMeanings[kind].title, value },
    text: text ?? figureMeanings[kind].text,
  })
  return [
    of('round', formatCount(series.rounds), 'Rounds that were played.'),
    { title: 'Parameters d', value: formatCount(record!.model.dim), text: 'What is trained.' },
    of('testLoss', formatValue(series.latest('testLoss'))),
    ...(hasAccuracy ? [of('accuracy', formatShare(series.latest('testAccuracy')))] : []),
    { title: 'Up', value: formatBytes(up), text: 'All replies, from the clients to the server.' },
    {
      title: 'Down',
      value: formatBytes(down),
      text: 'All that the server sent, with what sleepers had to catch up on.',
    },
    of('passes', formatCount(columns.cumulativeForwardPasses[last]!)),
  ]
}

function chartsOf(facts: RunFacts): HandOutChart[] {
  const names = hasSamples(facts.config.task)
    ? (['loss', 'accuracy', 'bytes', 'round-bytes'] as const)
    : (['loss', 'bytes', 'round-bytes'] as const)
  const yScale = lossScaleOf(facts.columns.trainLoss, facts.columns.testLoss)
  return names.map((name) => {
    const { meaning, build } = runCharts[name]
    const model = build(facts, { x: 'round', yScale, smoothing: 0 })
    return { title: meaning.title, meaning, source: pictureOf(model) }
  })
}

/** Asks where it goes, and writes it. @param folder of the run, which may not be open */
export async function saveRunHandOut(folder: string): Promise<void> {
  const notices = useNotices()
  try {
    const page = await runHandOut(await useRuns().load(folder))
    const name = `${folder.split(/[\\/]/).at(-1) ?? 'run'}.html`
    const path = await shellPort().request('saveAs', 'html', name, page)
    if (path !== undefined) notices.show({ tone: 'good', title: `Saved ${path}` })
  } catch (thrown) {
    notices.fail('There is no hand-out of this run', thrown)
  }
}
