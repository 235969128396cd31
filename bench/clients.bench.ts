/**
 * What does a dormant client cost? The quadratic with 1,000,000 clients and 100 participants beside
 * few clients: set-up, memory, time per round. Each measurement has a process of its own; the two
 * sides take turns.
 *
 * Run: npm run bench -- clients
 */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { parseRunConfig } from '../core/config/index.ts'
import { Run } from '../core/engine/index.ts'
import { printTable } from './markdown.ts'
import { createBenchHost, inTemporaryFolder, medianOf } from './play.ts'

const participants = 100
const rounds = 60
/** Rounds for caches, compilation and buffers to settle. */
const warmUp = 20
const turns = 5
const few = 1000
const many = 1_000_000

interface Measurement {
  /** From asking for the run until its first round may begin. */
  readonly setUpMs: number
  readonly roundMs: number
  /** Of the whole process, after the last round and a collection of garbage. */
  readonly residentBytes: number
  readonly heapAndBuffersBytes: number
}

const [clients] = process.argv.slice(2).map(Number)
if (clients === undefined) alternate()
else process.stdout.write(JSON.stringify(await measure(clients)))

function alternate(): void {
  const counts = [participants, few, many]
  const measured = new Map<number, Measurement[]>(counts.map((count) => [count, []]))
  for (let turn = 0; turn < turns; turn++)
    for (const count of counts) measured.get(count)!.push(measureInProcess(count))
  const median = (count: number, key: keyof Measurement) =>
    medianOf(measured.get(count)!.map((it) => it[key]))
  console.log(
    `Quadratic, d = 1,000, m = ${participants}, P = 5; medians of ${turns} processes each\n`,
  )
  printTable(
    ['>clients', '>set-up, ms', '>round, ms', '>resident, MB', '>heap and buffers, MB'],
    counts.map((count) => [
      count.toLocaleString('en'),
      median(count, 'setUpMs').toFixed(0),
      median(count, 'roundMs').toFixed(2),
      (median(count, 'residentBytes') / 1e6).toFixed(1),
      (median(count, 'heapAndBuffersBytes') / 1e6).toFixed(1),
    ]),
  )
  const growth = (key: 'residentBytes' | 'heapAndBuffersBytes') =>
    ((median(many, key) - median(few, key)) / (many - few)).toFixed(1)
  console.log(
    `Bytes per dormant client: ${growth('residentBytes')} resident, ${growth('heapAndBuffersBytes')} in heap and buffers`,
  )
  console.log(
    `A round of ${many.toLocaleString('en')} clients takes ${(median(many, 'roundMs') / median(participants, 'roundMs')).toFixed(2)} times as long as one of ${participants}`,
  )
}

function measureInProcess(count: number): Measurement {
  const args = ['--expose-gc', import.meta.filename, String(count)]
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Measurement
}

async function measure(count: number): Promise<Measurement> {
  const host = createBenchHost()
  const config = parseRunConfig({
    name: 'clients',
    task: { kind: 'quadratic', dim: 1000, heterogeneity: 0.1, gradientNoise: 0.01 },
    federation: { clients: count, participants, rounds },
    method: { name: 'hiso', learningRate: 1e-3, perturbations: 5 },
    evaluation: { every: rounds },
    compute: { workers: 1 },
  })
  return inTemporaryFolder(async (folder) => {
    const began = performance.now()
    const run = await Run.start(host, config, join(folder, 'run'))
    const setUpMs = performance.now() - began
    const elapsed: number[] = []
    run.listen((event) => {
      if (event.type === 'roundCompleted') elapsed.push(event.row.elapsedMs)
    })
    const record = await run.play()
    if (record.status !== 'finished') throw new Error(record.error?.message)
    globalThis.gc!()
    const { rss, heapUsed, arrayBuffers } = process.memoryUsage()
    const took = elapsed.map((at, round) => at - (elapsed[round - 1] ?? 0)).slice(warmUp)
    // The run is still held here, as it is in an app that shows it.
    return run.rounds === rounds
      ? {
          setUpMs,
          roundMs: medianOf(took),
          residentBytes: rss,
          heapAndBuffersBytes: heapUsed + arrayBuffers,
        }
      : Promise.reject(new Error('the run ended early'))
  })
}
