/**
 * Does a language model of full size fit, and how long is a round? OPT-125M's shape with random
 * weights, rows of 32 tokens, batch 8, P = 5, 2 participants: setting d of the plain PyTorch loop,
 * in full, with LoRA, or in full along low-rank directions. Each measurement has a process of its
 * own for its peak memory.
 *
 * Run: npm run bench -- opt125m full|lora|lowRank [LOOP.py]
 */
import { execFileSync } from 'node:child_process'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { parseRunConfig, type RunConfig } from '../core/config/index.ts'
import { Run } from '../core/engine/index.ts'
import { taskOf } from '../core/tasks/index.ts'
import { printTable } from './markdown.ts'
import { createBenchHost, inTemporaryFolder, medianOf } from './play.ts'

const rounds = 5
const warmUp = 1
const sessionRuns = 6

interface Measurement {
  readonly dim: number
  /** A round's; of the session alone, one forward pass of all participants' minibatches. */
  readonly seconds: number
  readonly peakMiB: number
}

const hiso = { name: 'hiso' }
/** What is trained, by what, and how many vectors of length d that keeps beside the session. */
const kinds: Readonly<Record<string, { trainables: string; method: object; vectors: number }>> = {
  full: { trainables: 'full', method: hiso, vectors: 2 },
  lora: { trainables: 'lora', method: hiso, vectors: 2 },
  // x is fed in place: the session's own measurement has it.
  lowRank: {
    trainables: 'full',
    method: { name: 'decomfl', step: 'implicit', distribution: 'low-rank' },
    vectors: 0,
  },
}

const [kind = 'lora', script, part] = process.argv.slice(2)
const { trainables, method, vectors } = kinds[kind] ?? kinds['lora']!
if (part === undefined) measureAll(script === '-' ? undefined : script)
else if (part === 'session') print(await measureSession())
else print(await measureRun(Number(part)))

function measureAll(torchScript: string | undefined): void {
  const own = (name: string): Measurement =>
    JSON.parse(
      execFileSync(process.execPath, [import.meta.filename, kind, '-', name], { encoding: 'utf8' }),
    ) as Measurement
  const load = loadavg()[0]!
  const [session, two, one] = ['session', '2', '1'].map(own) as [
    Measurement,
    Measurement,
    Measurement,
  ]
  const torch = torchScript === undefined ? undefined : measureTorch(torchScript)
  const rowOf = (name: string, { dim, seconds, peakMiB }: Measurement) => [
    name,
    dim.toLocaleString('en'),
    seconds.toFixed(2),
    peakMiB.toFixed(0),
  ]
  console.log(`Load of the minute before: ${load.toFixed(1)}\n`)
  printTable(
    ['program', '>d', '>seconds per round', '>peak, MiB'],
    [
      rowOf(`HiSo Studio, ${kind}, 2 workers`, two),
      rowOf(`HiSo Studio, ${kind}, 1 worker`, one),
      rowOf('the session alone, one forward pass', session),
      ...(torch === undefined ? [] : [rowOf('plain PyTorch loop, full, 2 threads', torch)]),
    ],
  )
  const passes = config(1).method
  const evaluations = 1 + ('perturbations' in passes ? passes.perturbations : 0)
  const allowed = session.peakMiB + (vectors * 4 * session.dim) / 2 ** 20
  console.log(
    `One worker's round takes ${(one.seconds / (evaluations * session.seconds)).toFixed(2)} times as long as its ${evaluations} forward passes, and ${(one.peakMiB / allowed).toFixed(2)} times the memory of the session and ${vectors} vectors`,
  )
  if (torch !== undefined)
    console.log(`PyTorch takes ${(torch.seconds / two.seconds).toFixed(1)} times as long`)
}

function config(workers: number): RunConfig {
  return parseRunConfig({
    name: `opt-125m ${kind}`,
    task: {
      kind: 'language',
      model: 'opt-125m',
      trainables: { kind: trainables },
      dataset: 'spam-mail',
      template: 'spam',
      maxLength: 32,
    },
    federation: { clients: 2, participants: 2, localSteps: 1, rounds, batchSize: 8 },
    method: { ...method, learningRate: 1e-6, mu: 1e-3, perturbations: 5 },
    evaluation: { every: rounds, samples: 1 },
    compute: { workers },
  })
}

async function measureRun(workers: number): Promise<Measurement> {
  return inTemporaryFolder(async (folder) => {
    const run = await Run.start(createBenchHost(), config(workers), join(folder, 'run'))
    const ends: number[] = []
    run.listen((event) => {
      if (event.type === 'roundCompleted') ends.push(event.row.elapsedMs)
    })
    const record = await run.play()
    if (record.status !== 'finished') throw new Error(record.error?.message)
    // The last round has the evaluation in it.
    const took = ends.map((at, round) => at - (ends[round - 1] ?? 0)).slice(warmUp, -1)
    return { dim: record.model.dim, seconds: medianOf(took) / 1000, peakMiB: peakMiB() }
  })
}

/** What inference takes: the weights once, and the runtime. */
async function measureSession(): Promise<Measurement> {
  const settings = config(1)
  const { objective } = await taskOf(settings.task).open(settings, createBenchHost())
  const x = objective.initialParams()
  const batches = [0, 1].map((client) => ({ client, round: 0, localStep: 0 }))
  const took: number[] = []
  for (let run = 0; run < sessionRuns; run++) {
    const began = performance.now()
    await objective.losses(x, batches)
    took.push(performance.now() - began)
  }
  await objective.release()
  return {
    dim: objective.dim,
    seconds: medianOf(took.slice(warmUp)) / 1000,
    peakMiB: peakMiB(),
  }
}

/** Setting d of zo_loop.py. */
function measureTorch(path: string): Measurement {
  const args =
    '--model opt-125m --memory low --clients 2 --participants 2 --local-steps 1 --perturbations 5 --batch 8 --rounds 2 --warmup 1 --threads 2'
  const line = execFileSync('/usr/bin/python3', [path, ...args.split(' ')], { encoding: 'utf8' })
  const result = JSON.parse(line) as {
    readonly dimension: number
    readonly roundSeconds: number
    readonly peakRssMiB: number
  }
  return { dim: result.dimension, seconds: result.roundSeconds, peakMiB: result.peakRssMiB }
}

function peakMiB(): number {
  return process.resourceUsage().maxRSS / 1024
}

function print(measurement: Measurement): void {
  process.stdout.write(JSON.stringify(measurement))
}
