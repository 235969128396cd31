/**
 * A run as a row of the library: every value that can be shown, sorted by or asked for, under its
 * key. Computed when it is wanted, and once: of ten thousand rows few are on screen.
 */
import { factsOfTask, hasSamples, methodTitle } from '../../core/config/index.ts'
import type { RunListing } from '../../core/engine/index.ts'
import type { ShownListing } from './liveListing.ts'
import { flattenConfig, type ConfigValue, type ConfigValues } from '../../core/runs/index.ts'

type RowState = 'running' | 'paused' | 'interrupted' | 'finished' | 'stopped' | 'failed'

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

export class LibraryRow {
  readonly listing: RunListing
  /** What the run is called among the others. */
  readonly title: string
  readonly state: RowState
  readonly created: number
  #values: ConfigValues | undefined
  #facts: ReadonlySet<string> | undefined
  #text: string | undefined

  constructor(listing: ShownListing, title = listing.notes.title ?? listing.config.name) {
    this.listing = listing
    this.title = title
    this.state = stateOf(listing)
    this.created = Date.parse(listing.record.created)
  }

  get folder(): string {
    return this.listing.folder
  }

  /** Config keys by dotted path. */
  get settings(): ConfigValues {
    return flattenConfig(this.listing.config)
  }

  /** Settings, and results. */
  get values(): ConfigValues {
    this.#values ??= this.settings.with(resultsOf(this.listing, this.state))
    return this.#values
  }

  /** Lower case: its state, method, dataset, model and tags, which a word may name. */
  get facts(): ReadonlySet<string> {
    this.#facts ??= new Set(factsOf(this.listing, this.state))
    return this.#facts
  }

  /** Lower case: what any other word is looked for in. */
  get text(): string {
    const { config, notes, folder } = this.listing
    this.#text ??= [
      this.title,
      config.name,
      ...this.facts,
      notes.text,
      folder.split(/[\\/]/).at(-1),
    ]
      .join('\n')
      .toLowerCase()
    return this.#text
  }
}

function resultsOf(
  { record }: RunListing,
  state: RowState,
): (readonly [key: string, value: ConfigValue])[] {
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
  return Object.entries(results).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value] as const],
  )
}

function factsOf({ config: { method, task }, notes }: RunListing, state: RowState): string[] {
  return [
    state,
    method.name,
    methodTitle(method.name),
    factsOfTask(task).title,
    ...(hasSamples(task) ? [task.dataset, task.model] : []),
    ...notes.tags,
  ].map((fact) => fact.toLowerCase())
}

function stateOf({ record, isLive, isPaused }: ShownListing): RowState {
  if (isLive) return isPaused === true ? 'paused' : 'running'
  return record.status === 'running' ? 'interrupted' : record.status
}
