/**
 * Is memory flat? A run of 10,000 rounds in the calling thread: heap, buffers and resident memory,
 * each after a collection of garbage.
 *
 * Run: npm run bench -- memory [ROUNDS]
 */
import { join } from 'node:path'
import { parseRunConfig } from '../core/config/index.ts'
import { Run } from '../core/engine/index.ts'
import { printTable } from './markdown.ts'
import { createBenchHost, inTemporaryFolder } from './play.ts'

const [rounds = 10_000] = process.argv.slice(2).map(Number)
const config = parseRunConfig({
  name: 'memory',
  task: { kind: 'quadratic', dim: 1000, heterogeneity: 0.1 },
  federation: { clients: 20, participants: 5, localSteps: 2, rounds },
  method: { name: 'hiso', learningRate: 0.001, perturbations: 5 },
  evaluation: { every: 100 },
  compute: { workers: 1 },
})

interface Sample {
  readonly round: number
  readonly heap: number
  readonly buffers: number
  readonly resident: number
}

await inTemporaryFolder(async (folder) => {
  const samples: Sample[] = []
  const run = await Run.start(createBenchHost(), config, join(folder, 'run'))
  run.listen((event) => {
    if (event.type !== 'roundCompleted') return
    const { round } = event.row
    if (round % (rounds / 10) !== 0) return
    globalThis.gc?.()
    const { heapUsed, arrayBuffers, rss } = process.memoryUsage()
    samples.push({ round, heap: heapUsed, buffers: arrayBuffers, resident: rss })
  })
  const record = await run.play()
  if (record.status !== 'finished') throw new Error(record.error?.message ?? record.status)
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(2)
  printTable(
    ['>rounds', '>heap, MB', '>buffers, MB', '>resident, MB'],
    samples.map(({ round, heap, buffers, resident }) => [
      round.toLocaleString('en'),
      megabytes(heap),
      megabytes(buffers),
      megabytes(resident),
    ]),
  )
  const [first, last] = [samples[0]!, samples.at(-1)!]
  const growth = (key: 'heap' | 'buffers' | 'resident') =>
    ((last[key] - first[key]) / (last.round - first.round)).toFixed(0)
  console.log(
    `Bytes more per round, from round ${first.round} on: heap ${growth('heap')}, buffers ${growth('buffers')}, resident ${growth('resident')}`,
  )
})
