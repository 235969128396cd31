/**
 * Does a federation of a thousand clients keep its rounds while a tenth of them leave and come back
 * every minute? Clients are connections of a few processes, over a broker on this machine; who
 * comes back has forgotten everything and catches up from round 1. In the end the server’s state is
 * compared with a replay of its log.
 *
 * Run: npm run bench -- churn [CLIENTS, 1000 if left out] [MINUTES, 1] [PARTICIPANTS, 100]
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { messageOf } from '../core/base/index.ts'
import { parseRunConfig } from '../core/config/index.ts'
import {
  deploymentOf,
  openSeat,
  openWorker,
  replayRun,
  Roster,
  Run,
  type EngineHost,
  type JoinedClients,
} from '../core/engine/index.ts'
import { RandomStream } from '../core/random/index.ts'
import { TestBroker } from '../core/testing/broker.ts'
import { joinFederation, openFederation } from '../platform/index.ts'
import { printTable } from './markdown.ts'
import { createBenchHost, inTemporaryFolder, medianOf } from './play.ts'

const processes = 4
/** Of all clients, that leave each minute. */
const churn = 0.1
/** How long one stays away, at most. */
const longestAbsenceMs = 20_000
const sampleEveryMs = 5000
const mebibyte = 2 ** 20

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

const [first = '1000', ...rest] = process.argv.slice(2)
if (first === 'members') await playMembers(rest[0]!, Number(rest[1]), Number(rest[2]))
else await serve(Number(first), Number(rest[0] ?? 1), Number(rest[1] ?? 100))

/** A process with many clients, which come and go until it is killed. */
async function playMembers(address: string, from: number, count: number): Promise<void> {
  const own = createBenchHost()
  const inThread: EngineHost = { ...own, startWorker: (config) => openWorker(config, inThread) }
  const host: EngineHost = {
    ...inThread,
    startClient: (welcome, places) =>
      openSeat(inThread, welcome, places, (words) =>
        crypto.getRandomValues(new Uint32Array(words)),
      ),
  }
  const stream = new RandomStream(from + 1, 'dropout')
  const leaving = new Map<string, AbortController>()
  /** Resolves once it has opened its task: a process that opens many at a time answers nobody. */
  const join = (name: string) =>
    new Promise<void>((resolve) => {
      const leaves = new AbortController()
      leaving.set(name, leaves)
      const onNotice = (text: string) => text.includes('is client') && resolve()
      const signal = leaves.signal
      joinFederation({ address, name, places: {}, host, onNotice, signal }).catch(
        async (error: unknown) => {
          console.error(messageOf(error))
          await pause(1000)
          await join(name)
          resolve()
        },
      )
    })
  const names = Array.from({ length: count }, (_, index) => `client-${from + index + 1}`)
  for (const name of names) await join(name)
  await once(process.stdin, 'data')
  for (;;) {
    await pause(60_000 / (churn * count))
    const name = names[stream.below(count)]!
    const leaves = leaving.get(name)
    if (leaves === undefined) continue
    leaving.delete(name)
    leaves.abort()
    console.log('left')
    void pause(stream.uniform() * longestAbsenceMs).then(() => join(name))
  }
}

async function serve(clients: number, minutes: number, participants: number): Promise<void> {
  const host = createBenchHost()
  const broker = await TestBroker.start()
  const config = parseRunConfig({
    name: 'churn',
    task: { kind: 'quadratic', dim: 100 },
    federation: { clients, participants, localSteps: 1, rounds: 10_000_000 },
    method: { name: 'hiso', perturbations: 5, learningRate: 0.001 },
    evaluation: { every: 1_000_000 },
  })
  let left = 0
  let begunAgain = 0
  const children = Array.from({ length: processes }, (_, index) => {
    const [from, to] = [index, index + 1].map((at) => Math.floor((at * clients) / processes))
    const script = fileURLToPath(import.meta.url)
    const args = [script, 'members', broker.address, String(from), String(to! - from!)]
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    createInterface({ input: child.stdout }).on('line', () => left++)
    return child
  })
  await inTemporaryFolder(async (home) => {
    const folder = join(home, 'run')
    let joined: JoinedClients | undefined
    const ways = await openFederation(broker.address, undefined, {
      onFrame: (name, frame) => joined?.receive(name, frame),
      onAbsent: (name) => joined?.leave(name),
      onNotice: (text) => console.error(text),
    })
    const deployment = deploymentOf(host, config, {
      roster: await Roster.open(host.files, folder, clients, '00000000'),
      start: clients,
      quorum: Math.ceil(participants / 2),
      deadlineMs: 20_000,
      send: (name, message) => ways.send(name, message),
      onOpened: (all) => (joined = all),
    })
    const run = await Run.start(host, config, folder, deployment)
    const roundMs: number[] = []
    const heaps: number[] = []
    let last = 0
    let began = 0
    run.listen((event) => {
      if (event.type === 'noticed' && event.text.includes('begun again')) begunAgain++
      if (event.type !== 'roundCompleted') return
      const now = performance.now()
      if (event.row.round === 1) {
        began = now
        for (const { stdin } of children) stdin?.write('go\n')
        setTimeout(() => run.stop(), minutes * 60_000)
      } else roundMs.push(now - last)
      last = now
    })
    let brokerBytes = 0
    const sampling = setInterval(() => {
      if (began === 0) return
      brokerBytes = Math.max(brokerBytes, residentBytesOf(broker.pid))
      gc!()
      heaps.push(process.memoryUsage().heapUsed / mebibyte)
    }, sampleEveryMs)
    const record = await run.play()
    clearInterval(sampling)
    const seconds = (last - began) / 1000
    const { uplinkBytes, downlinkBytes } = record.totals
    await endAll(children)
    await ways.close()
    const replayed = await replayRun(host, folder)
    const sorted = roundMs.toSorted((a, b) => a - b)
    printTable(
      [
        ...['clients', '>called', '>minutes', '>rounds', '>rounds/s', '>left', '>begun again'],
        ...['>ms a round', '>99th', '>heap MiB, first', '>last', '>resident', '>broker'],
        ...['>up MB', '>down MB', 'same bits'],
      ],
      [
        [
          ...[clients, participants, (seconds / 60).toFixed(1), record.rounds],
          ...[((record.rounds - 1) / seconds).toFixed(1), left, begunAgain],
          ...[medianOf(roundMs).toFixed(1), sorted[Math.floor(0.99 * sorted.length)]!.toFixed(1)],
          ...[heaps[0]!.toFixed(1), heaps.at(-1)!.toFixed(1)],
          (process.memoryUsage().rss / mebibyte).toFixed(0),
          (brokerBytes / mebibyte).toFixed(0),
          ...[uplinkBytes, downlinkBytes].map((bytes) => (bytes / 1e6).toFixed(1)),
          replayed.stateHash === record.stateHash ? 'yes' : 'NO',
        ],
      ],
    )
    process.exitCode = replayed.stateHash === record.stateHash ? 0 : 1
  })
  await broker.close()
}

async function endAll(children: readonly ChildProcess[]): Promise<void> {
  await Promise.all(
    children.map(async (child) => {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    }),
  )
}

/** On Linux. */
function residentBytesOf(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return 1024 * Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0)
}
