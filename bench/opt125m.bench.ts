/**
 * Does a language model of full size fit, and how long is a round? OPT-125M's shape with random weights, rows of 32 tokens, batch 8, P = 5, 2
 * participants: setting d of the plain PyTorch loop, in full and with LoRA, each in a process of its own for its peak memory.
 *
 * Run: npm run bench -- opt125m full|lora [PATH/zo_loop.py]
 */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { parseRunConfig } from '../core/config/index.ts'
import { Run } from '../core/engine/index.ts'
import { printTable } from './markdown.ts'
import { createBenchHost, inTemporaryFolder, medianOf } from './play.ts'

const rounds = 5
const warmUp = 1
const [kind = 'lora', script] = process.argv.slice(2)

const config = parseRunConfig({
  name: `opt-125m ${kind}`,
  task: {
    kind: 'language',
    model: 'opt-125m',
    trainables: { kind },
    dataset: 'spam-mail',
    template: 'spam',
    maxLength: 32,
  },
  federation: { clients: 2, participants: 2, localSteps: 1, rounds, batchSize: 8 },
  method: { name: 'hiso', learningRate: 1e-6, mu: 1e-3, perturbations: 5 },
  evaluation: { every: rounds, samples: 1 },
  compute: { workers: 2 },
})

const host = createBenchHost()
await inTemporaryFolder(async (folder) => {
  const run = await Run.start(host, config, join(folder, 'run'))
  const ends: number[] = []
  run.listen((event) => {
    if (event.type === 'roundCompleted') ends.push(event.row.elapsedMs)
  })
  const record = await run.play()
  if (record.status !== 'finished') throw new Error(record.error?.message)
  // The last round has the evaluation in it.
  const took = ends.map((at, round) => at - (ends[round - 1] ?? 0)).slice(warmUp, -1)
  const rows = [
    [
      `HiSo Studio, ${kind}`,
      record.model.dim.toLocaleString('en'),
      (medianOf(took) / 1000).toFixed(2),
      (process.resourceUsage().maxRSS / 1024).toFixed(0),
    ],
  ]
  if (script !== undefined) rows.push(torchRow(script))
  printTable(['program', '>d', '>seconds per round', '>peak, MiB'], rows)
})

/** Setting d of zo_loop.py. */
function torchRow(path: string): string[] {
  const args =
    '--model opt-125m --memory low --clients 2 --participants 2 --local-steps 1 --perturbations 5 --batch 8 --rounds 2 --warmup 1 --threads 2'
  const line = execFileSync('/usr/bin/python3', [path, ...args.split(' ')], { encoding: 'utf8' })
  const result = JSON.parse(line) as {
    readonly dimension: number
    readonly roundSeconds: number
    readonly peakRssMiB: number
  }
  return [
    'plain PyTorch loop, full',
    result.dimension.toLocaleString('en'),
    result.roundSeconds.toFixed(2),
    result.peakRssMiB.toFixed(0),
  ]
}
