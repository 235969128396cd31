/**
 * What do shared forward passes save with low-rank directions? Rounds in processor time, each form
 * in a process of its own for its peak memory: probes that are written out one by one, and probes
 * that share passes beside an x that nobody rewrites. One worker, 2 participants, batch 8, P = 5.
 *
 * Run: npm run bench -- lowRank [MODEL[:lora]…] [--rounds N] [--probes of a pass]
 */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { parseRunConfig, type RunConfig } from '../core/config/index.ts'
import { Run } from '../core/engine/index.ts'
import { printTable } from './markdown.ts'
import { createBenchHost, inTemporaryFolder } from './play.ts'

type Form = 'single' | 'shared'

interface Measurement {
  readonly dim: number
  /** Probes of a pass, or single. */
  readonly pass: string
  /** Processor time of a round, the fastest. */
  readonly seconds: number
  readonly peakMiB: number
}

const form = process.env['HISO_BENCH_FORM'] as Form | undefined
const named = process.argv.slice(2)
const rounds = takeOption('--rounds', 4)
const probes = takeOption('--probes', 1)
const models = named.length > 0 ? named : ['opt-mail', 'opt-mail:lora', 'mlp']

if (form === undefined) {
  console.log(`${processor()}, load of the minute before ${loadavg()[0]!.toFixed(1)}\n`)
  printTable(
    [
      ...['model', '>d', '>written out, s', '>shared, s', '>ratio', '>probes of a pass'],
      ...['>written out, MiB', '>shared, MiB'],
    ],
    models.map(rowOf),
  )
} else process.stdout.write(JSON.stringify(await measure(models[0]!, form)))

function rowOf(model: string): string[] {
  const [single, shared] = (['single', 'shared'] as const).map((own) =>
    measureElsewhere(model, own),
  )
  return [
    model,
    single!.dim.toLocaleString('en'),
    single!.seconds.toFixed(3),
    shared!.seconds.toFixed(3),
    (single!.seconds / shared!.seconds).toFixed(2),
    shared!.pass,
    single!.peakMiB.toFixed(0),
    shared!.peakMiB.toFixed(0),
  ]
}

function measureElsewhere(model: string, own: Form): Measurement {
  const output = execFileSync(
    process.execPath,
    [import.meta.filename, model, '--rounds', String(rounds), '--probes', String(probes)],
    { encoding: 'utf8', env: { ...process.env, HISO_BENCH_FORM: own } },
  )
  return JSON.parse(output) as Measurement
}

function configOf(model: string, form: Form): RunConfig {
  const [name, kind = 'full'] = model.split(':')
  const task = name!.startsWith('opt-')
    ? {
        ...{ kind: 'language', model: name, trainables: { kind }, dataset: 'spam-mail' },
        ...{ template: 'spam', maxLength: 32 },
      }
    : { dataset: 'mnist', model: name }
  return parseRunConfig({
    name: model,
    task,
    federation: { clients: 2, participants: 2, localSteps: 1, rounds, batchSize: 8 },
    method: { name: 'decomfl', distribution: 'low-rank', perturbations: 5, learningRate: 1e-6 },
    evaluation: { every: rounds, samples: 1 },
    compute: { workers: 1, probesPerPass: form === 'single' ? 'single' : probes },
  })
}

async function measure(model: string, own: Form): Promise<Measurement> {
  return inTemporaryFolder(async (folder) => {
    const run = await Run.start(createBenchHost(), configOf(model, own), join(folder, 'run'))
    const ends: number[] = []
    run.listen((event) => {
      if (event.type === 'roundCompleted') ends.push(processorSeconds())
    })
    const record = await run.play()
    if (record.status !== 'finished') throw new Error(record.error?.message)
    // The first round warms up, and the last has the evaluation in it.
    const took = ends.slice(1, -1).map((end, index) => end - ends[index]!)
    return {
      dim: record.model.dim,
      pass: String(record.environment['pass']),
      seconds: Math.min(...took),
      peakMiB: process.resourceUsage().maxRSS / 1024,
    }
  })
}

/** Takes an option and its number out of what is named. */
function takeOption(name: string, standard: number): number {
  const at = named.indexOf(name)
  return at < 0 ? standard : Number(named.splice(at, 2)[1])
}

function processorSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** Its name, and the widest vectors that it has. */
function processor(): string {
  const facts = readFileSync('/proc/cpuinfo', 'utf8')
  const name = /model name\s*: (.*)/.exec(facts)?.[1] ?? 'unknown processor'
  return `${name}, ${facts.includes('avx512f') ? 'AVX-512' : 'AVX2'}`
}
