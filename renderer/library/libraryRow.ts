/**
 * A run as a row of the library: every value that can be shown, sorted by or asked for, under its
 * key. Computed once per run.
 */
import { factsOfTask, hasSamples, methodTitle } from '../../core/config/index.ts'
import type { RunListing } from '../../core/engine/index.ts'
import { flattenConfig, type ConfigValue, type ConfigValues } from '../../core/runs/index.ts'

type RowState = 'running' | 'interrupted' | 'finished' | 'stopped' | 'failed'

export interface LibraryRow {
  readonly listing: RunListing
  readonly folder: string
  readonly title: string
  readonly state: RowState
  readonly created: number
  /** Config keys by dotted path, and results. */
  readonly values: ConfigValues
  /** Lower case: its state, method, dataset, model and tags, which a word may name. */
  readonly facts: ReadonlySet<string>
  /** Lower case: what any other word is looked for in. */
  readonly text: string
}

/** Results and facts that are not in the config. */
export const resultKeys = [
  'accuracy',
  'testLoss',
  'trainLoss',
  'bytes',
  'rounds',
  'seconds',
  'forwardPasses',
  'dim',
  'state',
] as const

/** @param title what the run is called among the others */
export function libraryRow(
  listing: RunListing,
  title = listing.notes.title ?? listing.config.name,
): LibraryRow {
  const { config, record, notes, folder } = listing
  const state = stateOf(listing)
  const { latest, totals } = record
  const results: Readonly<Record<(typeof resultKeys)[number], ConfigValue | undefined>> = {
    accuracy: latest.testAccuracy,
    testLoss: latest.testLoss,
    trainLoss: latest.trainLoss,
    bytes: totals.uplinkBytes + totals.downlinkBytes,
    rounds: record.rounds,
    seconds: totals.elapsedMs / 1000,
    forwardPasses: totals.forwardPasses,
    dim: record.model.dim,
    state,
  }
  const measured = Object.entries(results).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value] as const],
  )
  const { method, task } = config
  const facts = [
    state,
    method.name,
    methodTitle(method.name),
    factsOfTask(task).title,
    ...(hasSamples(task) ? [task.dataset, task.model] : []),
    ...notes.tags,
  ].map((fact) => fact.toLowerCase())
  const words = [title, config.name, ...facts, notes.text, folder.split(/[\\/]/).at(-1)]
  return {
    listing,
    folder,
    title,
    state,
    created: Date.parse(record.created),
    values: flattenConfig(config).with(measured),
    facts: new Set(facts),
    text: words.join('\n').toLowerCase(),
  }
}

function stateOf({ record, isLive }: RunListing): RowState {
  if (isLive) return 'running'
  return record.status === 'running' ? 'interrupted' : record.status
}
