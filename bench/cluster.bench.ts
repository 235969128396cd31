/**
 * What do workers in other processes cost and give? Rounds per second with one local worker, with
 * two, and with one beside one or two `hiso worker` processes over a broker on this machine.
 *
 * Run: npm run bench -- cluster [TASK: quadratic or cnn-mnist, both if left out] [REPETITIONS, 3]
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { overrideConfig, parseRunConfig, type RunConfig } from '../core/config/index.ts'
import { Run } from '../core/engine/index.ts'
import { TestBroker } from '../core/testing/broker.ts'
import { printTable } from './markdown.ts'
import { createBenchHost, hiso, inTemporaryFolder, medianOf } from './play.ts'

const [only = '', repeated = '3'] = process.argv.slice(2)
/** Of each; the median counts. */
const repetitions = Number(repeated)

const quadratic = {
  name: 'quadratic',
  task: { kind: 'quadratic', dim: 1000 },
  federation: { clients: 8, participants: 8, localSteps: 1, rounds: 1500 },
  method: { name: 'hiso', perturbations: 5, learningRate: 0.001 },
  evaluation: { every: 1500 },
}
const images = {
  name: 'cnn-mnist',
  task: { dataset: 'mnist', model: 'cnn-mnist' },
  federation: { clients: 8, participants: 8, localSteps: 1, rounds: 60, batchSize: 32 },
  method: { name: 'hiso', perturbations: 5, learningRate: 0.001 },
  evaluation: { every: 60, samples: 250 },
}

const host = createBenchHost()
const broker = await TestBroker.start()
const configOf = (input: unknown, ...overrides: readonly string[]) =>
  parseRunConfig(overrideConfig(input, overrides))
const cluster = `compute.cluster=${broker.address}`

const rows: (string | number)[][] = []
for (const input of [quadratic, images].filter(({ name }) => name.includes(only))) {
  const alone = await rateOf(configOf(input, 'compute.workers=1'), 0)
  const two = await rateOf(configOf(input, 'compute.workers=2'), 0)
  const beside = await rateOf(configOf(input, 'compute.workers=1', cluster), 1)
  const besideTwo = await rateOf(configOf(input, 'compute.workers=1', cluster), 2)
  const cost = 1000 / beside - 1000 / two
  rows.push([
    input.name,
    ...[alone, two, beside, besideTwo].map((rate) => rate.toFixed(1)),
    (beside / two).toFixed(2),
    `${cost.toFixed(2)} ms`,
  ])
}
await broker.close()
printTable(
  [
    'task',
    '>1 local',
    '>2 local',
    '>1 local, 1 remote',
    '>1 local, 2 remote',
    '>1 + 1 ÷ 2 local',
    '>cost of a round',
  ],
  rows,
)

/** Rounds per second, from the moment that all workers are there. */
async function rateOf(config: RunConfig, remotes: number): Promise<number> {
  const workers = await Promise.all(Array.from({ length: remotes }, (_, index) => offer(index)))
  const rates: number[] = []
  for (let repetition = 0; repetition < repetitions; repetition++)
    rates.push(await inTemporaryFolder((folder) => playIn(folder, config, remotes)))
  for (const worker of workers) worker.kill('SIGTERM')
  await Promise.all(workers.map((worker) => once(worker, 'exit')))
  return medianOf(rates)
}

async function playIn(folder: string, config: RunConfig, remotes: number): Promise<number> {
  const run = await Run.start(host, config, join(folder, 'run'))
  let began = 0
  let rounds = 0
  if (remotes > 0) run.pause()
  run.listen((event) => {
    if (event.type === 'machinesReported') {
      const working = event.machines.reduce((sum, machine) => sum + machine.working, 0)
      if (working >= remotes) run.continue()
    }
    if (event.type !== 'roundCompleted') return
    if (rounds++ === 0) began = performance.now()
  })
  const record = await run.play()
  if (record.status !== 'finished') throw new Error(record.error?.message)
  return ((rounds - 1) * 1000) / (performance.now() - began)
}

async function offer(index: number): Promise<ChildProcess> {
  const args = [hiso, 'worker', broker.address, '--workers', '1', '--name', `remote-${index + 1}`]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const line of createInterface({ input: child.stdout }))
    if (line.includes('offers')) break
  child.stdout.resume()
  return child
}
