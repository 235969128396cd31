/**
 * Does a GPU compute what the CPU computes, and how many rounds a second does it play? Each setting
 * is played on every provider; losses are compared, the log of each run is replayed on the CPU, and
 * a provider that is not there is named with its reason. Takes under five minutes.
 *
 * Run: npm run device -- check [--settings a,b]
 */
import { execFileSync } from 'node:child_process'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { parseRunConfig, type RunConfig } from '../core/config/index.ts'
import { replayRun, Run, type RunEvent } from '../core/engine/index.ts'
import type { MetricsRow } from '../core/runs/index.ts'
import { printTable } from './markdown.ts'
import { createBenchHost, inTemporaryFolder, medianOf, presetConfig } from './play.ts'

/** CUDA needs libraries that a plain installation has not: see onnxruntime-node. */
const providers = ['cpu', 'webgpu', 'cuda'] as const
type Provider = (typeof providers)[number]

/** Losses of the first round: sums in another order differ by 1e-6 to 1e-5 relative. */
const firstTolerance = 1e-4
/** Of all rounds: each slope carries the error of two losses, divided by μ. */
const laterTolerance = 1e-2

const rounds = 12
/** A run that takes longer is stopped, and judged by the rounds that it has. */
const budgetMs = 12_000

const language = (model: string, kind: 'full' | 'lora', method: object) =>
  parseRunConfig({
    name: `${model} ${kind}`,
    task: {
      ...{ kind: 'language', model, trainables: { kind } },
      ...{ dataset: 'spam-mail', template: 'spam', maxLength: 32 },
    },
    federation: { clients: 2, participants: 2, localSteps: 1, batchSize: 8 },
    method: { perturbations: 5, learningRate: 1e-4, ...method },
  })

/** @param isHeavy played only where there is another provider than the CPU */
const settings: readonly { name: string; config: RunConfig; isHeavy?: boolean }[] = [
  { name: 'mnist-hiso (MLP)', config: presetConfig('mnist-hiso') },
  { name: 'quickstart (cnn-mnist)', config: presetConfig('quickstart') },
  { name: 'cnn-fashion', config: presetConfig('quickstart', 'task.model=cnn-fashion') },
  { name: 'opt-mail, LoRA', config: language('opt-mail', 'lora', { name: 'hiso' }) },
  { name: 'opt-mail in full', config: language('opt-mail', 'full', { name: 'hiso' }) },
  {
    name: 'OPT-125M in full',
    config: language('opt-125m', 'full', { name: 'decomfl', learningRate: 1e-6 }),
    isHeavy: true,
  },
]

interface Played {
  /** What computed, or why the provider asked for did not. */
  readonly provider: string
  readonly obstacle: string | undefined
  readonly rows: readonly MetricsRow[]
  readonly roundsPerSecond: number
  readonly replays: boolean
  readonly dim: number
  /** How parameters come to the device. */
  readonly residency: string
}

const host = createBenchHost()
const began = performance.now()
const wanted = optionOf('--settings')?.split(',')
console.log(
  `${cpus()[0]?.model.trim()}, ${availableParallelism()} cores, load ${loadavg()[0]!.toFixed(1)}; Node ${process.versions.node}, ONNX Runtime ${host.environment['onnxruntime']}`,
)
console.log(`GPU: ${graphicsCard()}\n`)

const absent = new Map<Provider, string>()
const failures: string[] = []
const table: string[][] = []
for (const { name, config, isHeavy = false } of settings) {
  if (wanted !== undefined && !wanted.some((part) => name.includes(part))) continue
  if (isHeavy && absent.size === providers.length - 1) continue
  let reference: Played | undefined
  for (const provider of providers) {
    if (absent.has(provider)) continue
    const played = await play(config, provider)
    if (played.obstacle !== undefined) {
      absent.set(provider, played.obstacle)
      continue
    }
    reference ??= played
    const difference = differenceOf(played.rows, reference.rows)
    if (!(difference.first <= firstTolerance))
      failures.push(`${name} on ${provider}: losses of the first round differ from the CPU's`)
    if (!(difference.later <= laterTolerance))
      failures.push(`${name} on ${provider}: losses of later rounds differ from the CPU's`)
    if (!played.replays)
      failures.push(`${name} on ${provider}: its log does not replay to its state`)
    table.push([
      ...[name, played.dim.toLocaleString('en'), provider, played.roundsPerSecond.toPrecision(3)],
      (played.roundsPerSecond / reference.roundsPerSecond).toFixed(2),
      ...[difference.first.toExponential(1), difference.later.toExponential(1)],
      ...[played.replays ? 'bit for bit' : 'NO', played.residency],
    ])
    console.error(
      `${name} on ${provider}: ${played.roundsPerSecond.toPrecision(3)} rounds a second`,
    )
  }
}

printTable(
  [
    ...['setting', '>d', 'provider', '>rounds a second', '>of the CPU’s'],
    ...['>losses differ, first round', '>all rounds', 'log replayed on the CPU', 'parameters'],
  ],
  table,
)
console.log(
  `\nDifferences are relative to 1 + loss; at most ${firstTolerance} in the first round and ${laterTolerance} in all.`,
)
for (const [provider, obstacle] of absent) console.log(`${provider} is not there: ${obstacle}.`)
for (const failure of failures) console.log(`WRONG: ${failure}.`)
const others = providers.filter((it) => it !== 'cpu' && !absent.has(it))
const verdict =
  failures.length > 0
    ? 'Something differs.'
    : others.length === 0
      ? 'No GPU was checked: only the CPU is here.'
      : `All agree with the CPU: ${others.join(', ')}.`
console.log(`${verdict} ${((performance.now() - began) / 1000).toFixed(0)} s.`)
process.exit(failures.length > 0 ? 1 : 0)

async function play(given: RunConfig, provider: Provider): Promise<Played> {
  const config: RunConfig = {
    ...given,
    federation: { ...given.federation, rounds },
    evaluation: { every: rounds, samples: 64 },
    compute: { ...given.compute, provider, workers: provider === 'cpu' ? 'auto' : 1 },
  }
  return inTemporaryFolder(async (library) => {
    const folder = join(library, 'run')
    let run: Run
    try {
      run = await Run.start(host, config, folder)
    } catch (error) {
      return missing(error instanceof Error ? error.message : String(error))
    }
    const rows: MetricsRow[] = []
    const started = performance.now()
    run.listen((event: RunEvent) => {
      if (event.type !== 'roundCompleted') return
      rows.push(event.row)
      if (performance.now() - started > budgetMs) run.stop()
    })
    const { environment, notices, model } = await run.play()
    const used = String(environment['provider'])
    if (used !== provider)
      return missing(notices.find((it) => it.startsWith(provider)) ?? `${used} computed instead`)
    const lost = notices.find((it) => it.includes('the CPU computes'))
    if (lost !== undefined) return missing(lost)
    const { stateHash, recordedHash } = await replayRun(onCpu(), folder)
    return {
      ...{ provider: used, obstacle: undefined, rows, dim: model.dim },
      roundsPerSecond: 1000 / medianOf(durationsOf(rows)),
      replays: stateHash === recordedHash,
      residency: notices.find((it) => it.startsWith('Parameters')) ?? 'in its memory',
    }
  })
}

/** Replay needs no device, and must not depend on one. */
function onCpu() {
  const opens = { provider: 'cpu' } as const
  return {
    ...host,
    openSession: ((graph, compute, residency) =>
      host.openSession(graph, { ...compute, ...opens }, residency)) as typeof host.openSession,
    openRunner: ((bytes, compute, resident) =>
      host.openRunner(bytes, { ...compute, ...opens }, resident)) as typeof host.openRunner,
  }
}

/** @param said by the run, with the reason in brackets; or the reason itself */
function missing(said: string): Played {
  const obstacle = /\((.*)\)/.exec(said)?.[1] ?? said.replace(/\.$/, '')
  const nothing = { rows: [], roundsPerSecond: Number.NaN, replays: false, dim: 0, residency: '' }
  return { ...nothing, provider: '', obstacle }
}

/** Milliseconds of rounds; the first warms up, and the last has the evaluation in it. */
function durationsOf(rows: readonly MetricsRow[]): readonly number[] {
  const ends = rows.map(({ elapsedMs }) => elapsedMs)
  const took = ends.map((end, at) => end - (ends[at - 1] ?? 0))
  return took.length > 3 ? took.slice(1, -1) : took
}

/** The largest differences of train losses, of the rounds that both have. */
function differenceOf(rows: readonly MetricsRow[], expected: readonly MetricsRow[]) {
  const differences = expected
    .slice(0, rows.length)
    .map(
      ({ trainLoss: loss = Number.NaN }, at) =>
        Math.abs((rows[at]!.trainLoss ?? Number.NaN) - loss) / (1 + Math.abs(loss)),
    )
  return { first: differences[0] ?? Number.NaN, later: Math.max(...differences) }
}

function graphicsCard(): string {
  try {
    const query = ['--query-gpu=name,memory.total,driver_version', '--format=csv,noheader']
    return execFileSync('nvidia-smi', query, { encoding: 'utf8', stdio: 'pipe' }).trim()
  } catch {
    return 'nvidia-smi names none'
  }
}

function optionOf(name: string): string | undefined {
  const at = process.argv.indexOf(name)
  return at < 0 ? undefined : process.argv[at + 1]
}
