/**
 * Does a run keep its bits when its machines are lost? Two `hiso worker` processes beside a local
 * worker are killed, stopped and woken, and their broker killed and started again, at random; then
 * as many rounds are played alone, and the states compared.
 *
 * Run: npm run bench -- lostWorkers [DISTURBANCES, 50 if left out] [SEED]
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseRunConfig, type RunConfigInput } from '../core/config/index.ts'
import { Run } from '../core/engine/index.ts'
import { RandomStream } from '../core/random/index.ts'
import { TestBroker } from '../core/testing/broker.ts'
import { printTable } from './markdown.ts'
import { createBenchHost, hiso, inTemporaryFolder } from './play.ts'

const [disturbances = 50, seed = 1] = process.argv.slice(2).map(Number)
const stream = new RandomStream(seed, 'dropout')
const host = createBenchHost()
const broker = await TestBroker.start()

const config = (rounds: number, cluster?: string) =>
  parseRunConfig({
    name: 'lost workers',
    task: { kind: 'quadratic', dim: 2000 },
    federation: { clients: 8, participants: 8, localSteps: 2, rounds },
    method: { name: 'hiso', perturbations: 4, learningRate: 0.001 },
    evaluation: { every: 1_000_000 },
    compute: { workers: 1, ...(cluster !== undefined && { cluster }) },
  } satisfies RunConfigInput)

let started = 0
async function startWorker(): Promise<ChildProcess> {
  const name = `machine-${++started}`
  const args = [hiso, 'worker', broker.address, '--workers', '1', '--name', name]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  for await (const line of createInterface({ input: child.stdout }))
    if (line.includes('offers')) break
  child.stdout.resume()
  return child
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const below = (count: number) => stream.below(count)

/** Each brings the machines back in the end. */
const kinds = {
  'worker killed': async (at: number) => {
    const lost = workers[at]!
    lost.kill('SIGKILL')
    await once(lost, 'exit')
    workers[at] = await startWorker()
  },
  'worker stopped': async (at: number) => {
    workers[at]!.kill('SIGSTOP')
    await pause(below(1500))
    workers[at]!.kill('SIGCONT')
  },
  'broker killed': async () => {
    await broker.kill()
    await pause(below(1000))
    await broker.start()
  },
} as const satisfies Record<string, (at: number) => Promise<void>>
type Kind = keyof typeof kinds
const names = Object.keys(kinds) as Kind[]
const counts = new Map(names.map((name) => [name, 0]))

const workers = [await startWorker(), await startWorker()]
try {
  await inTemporaryFolder(compare)
} finally {
  for (const worker of workers) worker.kill('SIGKILL')
  await broker.close()
}

async function compare(home: string): Promise<void> {
  const run = await Run.start(host, config(10_000_000, broker.address), join(home, 'disturbed'))
  const ended = run.play()
  for (let count = 0; count < disturbances; count++) {
    await pause(below(600))
    const kind = names[below(names.length)]!
    counts.set(kind, counts.get(kind)! + 1)
    await kinds[kind](below(workers.length))
  }
  run.stop()
  const disturbed = await ended
  const alone = await (await Run.start(host, config(disturbed.rounds), join(home, 'alone'))).play()
  const elsewhere = (disturbed.computedBy ?? []).slice(1)
  const batches = elsewhere.reduce((sum, { batches: own }) => sum + own, 0)
  printTable(
    [...names, 'rounds', 'batches elsewhere', 'same bits'].map((title) => `>${title}`),
    [
      [
        ...counts.values(),
        disturbed.rounds,
        batches,
        alone.stateHash === disturbed.stateHash ? 'yes' : 'NO',
      ],
    ],
  )
  process.exitCode = alone.stateHash === disturbed.stateHash ? 0 : 1
}
