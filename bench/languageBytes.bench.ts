/**
 * How many bytes does a language model take? Both ways, until opt-mail tells 80% of the held-out
 * mails right: FedAvg and HiSo, each with all of its 2.6 million parameters and with LoRA, in the
 * federation of the preset spam-lora.
 *
 * Run: npm run bench -- languageBytes [--seeds N] [--set KEY=VALUE] [NAME…]
 */
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Run } from '../core/engine/index.ts'
import type { RunConfig } from '../core/config/index.ts'
import type { MetricsRow } from '../core/runs/index.ts'
import { printTable } from './markdown.ts'
import { createBenchHost, inTemporaryFolder, medianOf, presetConfig } from './play.ts'

const target = 0.8

const full = 'task.trainables={ kind: full }'
const fedavg = (learningRate: number) => `method={ name: fedavg, learningRate: ${learningRate} }`
/**
 * Vectors move far in a round, scalars do not: what a round's evaluation may cost differs likewise.
 */
const often = 'evaluation.every=1'
const seldom = 'evaluation.every=5'

const settings: Readonly<Record<string, readonly string[]>> = {
  'fedavg-full': [full, fedavg(0.02), often],
  'fedavg-lora': [fedavg(0.1), often],
  'hiso-full': [full, 'method.learningRate=0.004', seldom],
  'hiso-lora': [seldom],
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seeds: { type: 'string', default: '3' }, set: { type: 'string', multiple: true } },
})
const seeds = Array.from({ length: Number(values.seeds) }, (_, i) => 365 + i)
const host = createBenchHost()
const rows: string[][] = []
const bytesOf = new Map<string, number>()
for (const [name, overrides] of Object.entries(settings)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue
  const found: MetricsRow[] = []
  let dim = 0
  let best = 0
  for (const seed of seeds) {
    const config = presetConfig('spam-lora', ...overrides, `seed=${seed}`, ...(values.set ?? []))
    const played = await playUntil(config)
    dim = played.dim
    best = Math.max(best, played.best)
    if (played.reached !== undefined) found.push(played.reached)
    console.error(`${name}, seed ${seed}: ${played.text}`)
  }
  const median = (value: (row: MetricsRow) => number) => medianOf(found.map(value))
  const bytes = median((it) => it.cumulativeUplinkBytes + it.cumulativeDownlinkBytes)
  bytesOf.set(name, bytes)
  rows.push([
    name,
    dim.toLocaleString('en'),
    `${found.length} of ${seeds.length}`,
    ...(found.length === 0
      ? ['–', '–', '–', `${(100 * best).toFixed(1)}%`]
      : [
          `${median((it) => it.round)}`,
          bytes.toLocaleString('en'),
          `${(median((it) => it.elapsedMs) / 1000).toFixed(0)}`,
          `${(100 * best).toFixed(1)}%`,
        ]),
  ])
}
console.log(`Load average of the last minute: ${loadavg()[0]!.toFixed(1)}\n`)
console.log(
  `spam-mail, 4 clients, 2 a round, batches of 16; medians over the seeds that got to ${100 * target}%\n`,
)
printTable(
  ['setting', '>d', '>got there', '>rounds', '>bytes, both ways', '>seconds', '>best seen'],
  rows,
)
const [most, least] = [bytesOf.get('fedavg-full'), bytesOf.get('hiso-lora')]
if (most !== undefined && least !== undefined)
  console.log(`FedAvg in full ÷ HiSo with LoRA: ${(most / least).toFixed(0)}`)

/** Plays until the target is met, or to the end. */
async function playUntil(config: RunConfig) {
  return inTemporaryFolder(async (folder) => {
    const run = await Run.start(host, config, join(folder, 'run'))
    let reached: MetricsRow | undefined
    let best = 0
    const accuracies: string[] = []
    run.listen((event) => {
      if (event.type !== 'roundCompleted' || event.row.testAccuracy === undefined) return
      best = Math.max(best, event.row.testAccuracy)
      accuracies.push(event.row.testAccuracy.toFixed(2))
      if (event.row.testAccuracy < target || reached !== undefined) return
      reached = event.row
      run.stop()
    })
    const { status, error, model } = await run.play()
    const text = `${status} ${error?.message ?? ''} ${accuracies.join(' ')}`
    return { reached, best, dim: model.dim, text }
  })
}
