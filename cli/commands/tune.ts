/**
 * `hiso tune`: which learning rate suits a method, and which number of directions, with equal
 * effort for each.
 */
import { resolve } from 'node:path'
import { HisoError } from '../../core/base/index.ts'
import { methodTitle, explainAmbiguousNumber, usualRates } from '../../core/config/index.ts'
import {
  tune as search,
  type TriedCandidate,
  type TunedMethod,
  type Tuning,
} from '../../core/engine/index.ts'
import { shellWord, shortPath, type CommandContext } from '../context.ts'
import { exitCodeOfSignal, exitCodes } from '../exitCodes.ts'
import { Interruption } from '../interruption.ts'
import { readConfigs } from '../readConfigs.ts'
import { ShareProgress } from '../shareProgress.ts'
import { formatTable } from '../table.ts'

export interface TuneOptions {
  readonly set: readonly string[]
  readonly methods?: string
  readonly rates?: string
  readonly perturbations?: string
  readonly halvings: string
  readonly out?: string
  readonly json?: boolean
}

/** Ctrl-C ends it in order; the same command continues it. */
export async function tune(
  context: CommandContext,
  word: string,
  { set, methods, rates, perturbations, halvings, out, json = false }: TuneOptions,
): Promise<number> {
  const { host, terminal, cwd, invocation } = context
  const configs = await readConfigs(context, word, { set, methods })
  const folder = resolve(cwd, out ?? `tuning/${configs[0]!.name}-seed${configs[0]!.seed}`)
  const settings = {
    learningRates: rates === undefined ? usualRates(configs) : numbers('rates', rates),
    ...(perturbations !== undefined && {
      perturbations: numbers('perturbations', perturbations),
    }),
    halvings: numbers('halvings', halvings)[0]!,
  }
  const progress = new ShareProgress(terminal, 'Searching', () => host.now())
  const interruption = new Interruption({
    source: process,
    now: () => host.now(),
    onFirst: () => terminal.tell('\n  Finishing the round… (again to quit at once)'),
    onSecond: (signal) => {
      terminal.clearLive()
      process.exit(exitCodeOfSignal(signal))
    },
  })
  terminal.onReaderGone = () => interruption.arrive('SIGPIPE')
  let tuning: Tuning
  try {
    tuning = await search(host, configs, settings, folder, {
      progressed: (share) => progress.show(share),
      measured: () => {},
      isCancelled: () => interruption.signal !== undefined,
    })
  } finally {
    terminal.clearLive()
    interruption.close()
    terminal.onReaderGone = undefined
  }
  const found = tuning.methods.filter(({ isOver }) => isOver)
  if (json)
    terminal.print(JSON.stringify({ rungs: tuning.rungs, methods: found.map(asWritten) }, plain))
  else {
    for (const method of found) terminal.print(formatTuned(context, method, tuning.rungs))
    const best = commandOf(invocation, word, set, found)
    if (best !== undefined) terminal.print(`  Play them:  ${best}\n`)
    terminal.print(`  The runs are in ${shortPath(folder, cwd)}`)
  }
  if (interruption.signal === undefined) return exitCodes.ok
  if (!json) terminal.tell('  Stopped; the same command continues from here.')
  return exitCodeOfSignal(interruption.signal)
}

function formatTuned(
  { terminal }: CommandContext,
  { config, candidates, best, isAtEdge }: TunedMethod,
  rungs: readonly number[],
): string {
  const isBest = (folder: string) => folder === best?.folder
  const table = formatTable(
    terminal,
    [
      { title: 'η', isNumber: true },
      { title: 'P', isNumber: true },
      ...rungs.map((rung) => ({ title: `loss at ${rung}`, isNumber: true })),
      { title: '' },
    ],
    candidates.map(({ learningRate, perturbations, losses, folder }) => [
      String(learningRate),
      String(perturbations ?? '–'),
      ...rungs.map((_, at) => formatLoss(losses[at])),
      isBest(folder) ? terminal.paint('bold', 'best') : '',
    ]),
  )
  const edge = isAtEdge
    ? '\n  The best rate is the last that was tried on that side: search further with --rates.'
    : ''
  return `\n  ${terminal.paint('bold', methodTitle(config.method.name))}\n\n${table}\n${edge}`
}

const formatLoss = (loss: number | undefined) =>
  loss === undefined ? '' : Number.isFinite(loss) ? loss.toFixed(4) : 'diverged'

/** The command that plays every method with what was found for it. */
function commandOf(
  invocation: string,
  word: string,
  set: readonly string[],
  methods: readonly TunedMethod[],
): string | undefined {
  const found = methods.filter(({ best }) => best !== undefined)
  if (found.length === 0) return undefined
  const own = found.flatMap(({ config: { method }, best }) => [
    `${method.name}:method.learningRate=${best!.learningRate}`,
    ...(best!.perturbations === undefined
      ? []
      : [`${method.name}:method.perturbations=${best!.perturbations}`]),
  ])
  return [
    `${invocation} run ${shellWord(word)}`,
    `--methods ${found.map(({ config }) => config.method.name).join(',')}`,
    ...[...set, ...own].map((it) => `--set ${shellWord(it)}`),
  ].join(' ')
}

function numbers(option: string, list: string): number[] {
  return list.split(',').map((word) => {
    const value = Number(word)
    const isWhole = option === 'rates' || Number.isInteger(value)
    const least = option === 'halvings' ? 0 : Number.MIN_VALUE
    const wrong = explainAmbiguousNumber(word)
    if (wrong !== undefined)
      throw new HisoError('CONFIG_INVALID', { where: `--${option} ${list}`, what: wrong })
    // 05 is the end of 0,05: a comma stands between rates here, never inside one.
    const isEnd = /^\s*0\d/.test(word)
    if (/\d/.test(word) && !isEnd && Number.isFinite(value) && isWhole && value >= least)
      return value
    throw new HisoError('CONFIG_INVALID', {
      where: `--${option} ${list}`,
      what: `"${word}" is not ${option === 'rates' ? 'a learning rate' : 'a whole number above 0'}`,
      remedy: examples[option]!,
    })
  })
}

const examples: Readonly<Record<string, string>> = {
  rates: 'Name rates with commas between, such as --rates 0.01,0.02,0.04',
  perturbations: 'Name numbers with commas between, such as --perturbations 5,20,80',
  halvings: 'Give a number such as --halvings 2; 0 plays every candidate to the end',
}

function asWritten({ config, candidates, best, isAtEdge }: TunedMethod) {
  const plainly = ({ config: _config, ...rest }: TriedCandidate) => rest
  return {
    method: config.method.name,
    candidates: candidates.map(plainly),
    best: best && plainly(best),
    isAtEdge,
  }
}

/** JSON has no Infinity, which becomes null: diverged. */
function plain(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? null : value
}
