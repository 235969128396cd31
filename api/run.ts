/** Plays runs: a new one from a config, or an old one from where its log ends. */
import { resolve } from 'node:path'
import {
  idleSettings,
  overrideConfig,
  type RunConfig,
  type RunConfigInput,
} from '../core/config/index.ts'
import { bundledImageSets } from '../core/data/index.ts'
import { Run, type EngineHost, type RunEvent } from '../core/engine/index.ts'
import { newRunFolder, type MetricsRow, type RunRecord } from '../core/runs/index.ts'
import { checkConfig, openConfig } from './readConfig.ts'
import { thisMachine } from './host.ts'

export interface PlayOptions {
  /**
   * Receives what happens, while it happens: rounds, notices, the end. Settings of a new run that
   * do nothing are notices before its first round.
   */
  readonly onEvent?: (event: RunEvent) => void
  /** Stops the run after the round in progress; `resume` goes on with it. */
  readonly signal?: AbortSignal
}

export interface RunOptions extends PlayOptions {
  /** Changes to the config, as `--set` writes them: `'method.learningRate=0.01'`. */
  readonly set?: readonly string[]
  /** The run's folder, which must not exist; left out, a new folder in `library`. */
  readonly folder?: string
  /** The folder of runs; `runs` in the working folder if left out. */
  readonly library?: string
}

export interface ResumeOptions extends PlayOptions {
  /** Goes on from before a damaged frame of the log instead of refusing. */
  readonly discardDamaged?: boolean
}

export interface PlayedRun {
  /** Absolute. */
  readonly folder: string
  /** With every default. */
  readonly config: RunConfig
  /** How it ended: `status` is finished, stopped or failed; a failure is described in `error`. */
  readonly record: RunRecord
  /** One row of metrics per round of this sitting. */
  readonly rows: readonly MetricsRow[]
}

/**
 * Plays a config to its end and writes a run folder.
 * @param config plain data as in a config file, a preset's name, or the path of a config file or of
 *   a run folder
 * @throws HisoError CONFIG_… for a config that is not valid, DATA_… or MODEL_… for what it names
 */
export async function run(
  config: RunConfigInput | string,
  { set = [], folder, library = 'runs', ...options }: RunOptions = {},
): Promise<PlayedRun> {
  const host = thisMachine()
  const { input, checked } = await readInput(host, config, set)
  const own = folder ?? (await newRunFolder(host.files, resolve(library), checked))
  const started = await Run.start(host, checked, resolve(own))
  const bundled = { imageSets: await bundledImageSets(host.files) }
  for (const text of idleSettings([input], [checked], bundled))
    options.onEvent?.({ type: 'noticed', text })
  return play(started, options)
}

async function readInput(
  host: Pick<EngineHost, 'files'>,
  config: RunConfigInput | string,
  set: readonly string[],
): Promise<{ readonly input: unknown; readonly checked: RunConfig }> {
  const place = { host, cwd: process.cwd() }
  if (typeof config !== 'string')
    return { input: overrideConfig(config, set), checked: await checkConfig(place, config, set) }
  const { inputs, parse } = await openConfig(place, config)
  return { input: overrideConfig(inputs[0], set), checked: await parse(inputs[0], set) }
}

/**
 * Goes on with an interrupted or stopped run where its log ends.
 * @throws HisoError RUN_… for a folder that can't be taken up
 */
export async function resume(
  folder: string,
  { discardDamaged = false, ...options }: ResumeOptions = {},
): Promise<PlayedRun> {
  return play(await Run.resume(thisMachine(), resolve(folder), { discardDamaged }), options)
}

async function play(opened: Run, { onEvent, signal }: PlayOptions): Promise<PlayedRun> {
  const rows: MetricsRow[] = []
  let config: RunConfig | undefined
  opened.listen((event) => {
    if (event.type === 'opened') config = event.config
    if (event.type === 'roundCompleted') rows.push(event.row)
    onEvent?.(event)
  })
  const stop = () => opened.stop()
  if (signal?.aborted === true) stop()
  signal?.addEventListener('abort', stop)
  try {
    const record = await opened.play()
    return { folder: opened.folder, config: config!, record, rows }
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}
