/**
 * Do large models really run, in the memory that is planned for them? OPT's shapes with random
 * weights, all of it trained: DeComFL's implicit step along low-rank directions, rows of 32 tokens,
 * batch 8, P = 5, 2 participants. Each shape in a process of its own for its peak memory.
 *
 * Run: npm run bench -- large [SHAPE…] [--workers N] [--rounds N]
 */
import { execFileSync } from 'node:child_process'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { parseRunConfig } from '../core/config/index.ts'
import { planOpt, Run, type OptOutline } from '../core/engine/index.ts'
import { printTable } from './markdown.ts'
import { createBenchHost, inTemporaryFolder } from './play.ts'

interface Measurement {
  readonly dim: number
  /** From the start to the first round. */
  readonly openingSeconds: number
  /** The fastest round after the first, by the clock and in processor time. */
  readonly seconds: number
  readonly processorSeconds: number
  readonly peakMiB: number
}

const part = process.env['HISO_BENCH_PART'] as 'plan' | 'measure' | undefined
const named = process.argv.slice(2)
const workers = takeOption('--workers', 1)
const rounds = takeOption('--rounds', 3)
const shapes = named.length > 0 ? named : ['opt-125m', 'opt-350m', 'opt-1.3b']

switch (part) {
  case 'plan':
    print(await planOpt(shapes[0] as never, { ...createBenchHost(), cores: workers }))
    break
  case 'measure':
    print(await measure(shapes[0]!))
    break
  case undefined:
    printTable(
      [
        ...['shape', '>d', '>opened, s', '>a round, s', '>its processor time, s'],
        ...['>planned, MiB', '>measured, MiB', '>planned / measured', '>load before'],
      ],
      shapes.map(rowOf),
    )
}

function rowOf(shape: string): string[] {
  const load = loadavg()[0]!
  const { plans } = elsewhere<OptOutline>(shape, 'plan')
  const planned = plans.find(({ form }) => form === 'lowRank')!.memoryBytes / 2 ** 20
  const measured = elsewhere<Measurement>(shape, 'measure')
  return [
    shape,
    measured.dim.toLocaleString('en'),
    measured.openingSeconds.toFixed(1),
    measured.seconds.toFixed(1),
    measured.processorSeconds.toFixed(1),
    planned.toFixed(0),
    measured.peakMiB.toFixed(0),
    (planned / measured.peakMiB).toFixed(2),
    load.toFixed(1),
  ]
}

function elsewhere<Result>(shape: string, own: 'plan' | 'measure'): Result {
  const options = [shape, '--workers', String(workers), '--rounds', String(rounds)]
  const output = execFileSync(process.execPath, [import.meta.filename, ...options], {
    encoding: 'utf8',
    env: { ...process.env, HISO_BENCH_PART: own },
  })
  return JSON.parse(output) as Result
}

async function measure(model: string): Promise<Measurement> {
  const config = parseRunConfig({
    name: model,
    task: {
      ...{ kind: 'language', model, trainables: { kind: 'full' }, dataset: 'spam-mail' },
      ...{ template: 'spam', maxLength: 32 },
    },
    federation: { clients: 2, participants: 2, localSteps: 1, rounds, batchSize: 8 },
    method: {
      ...{ name: 'decomfl', step: 'implicit', distribution: 'low-rank' },
      ...{ perturbations: 5, learningRate: 1e-6 },
    },
    evaluation: { every: rounds, samples: 1 },
    compute: { workers },
  })
  return inTemporaryFolder(async (folder) => {
    const run = await Run.start(createBenchHost(), config, join(folder, 'run'))
    const opened = clock()
    const ends = [opened]
    run.listen((event) => {
      if (event.type === 'roundCompleted') ends.push(clock())
    })
    const record = await run.play()
    if (record.status !== 'finished') throw new Error(record.error?.message)
    // The last round has the evaluation in it.
    const took = ends
      .slice(1, -1)
      .map((end, at) => ({ wall: end.wall - ends[at]!.wall, cpu: end.cpu - ends[at]!.cpu }))
    const later = took.length > 1 ? took.slice(1) : took
    return {
      dim: record.model.dim,
      openingSeconds: opened.wall,
      seconds: Math.min(...later.map(({ wall }) => wall)),
      processorSeconds: Math.min(...later.map(({ cpu }) => cpu)),
      peakMiB: process.resourceUsage().maxRSS / 1024,
    }
  })
}

/** Seconds since the process began. */
function clock(): { readonly wall: number; readonly cpu: number } {
  const { user, system } = process.cpuUsage()
  return { wall: performance.now() / 1000, cpu: (user + system) / 1e6 }
}

/** Takes an option and its number out of what is named. */
function takeOption(name: string, standard: number): number {
  const at = named.indexOf(name)
  return at < 0 ? standard : Number(named.splice(at, 2)[1])
}

function print(result: unknown): void {
  process.stdout.write(JSON.stringify(result))
}
