/**
 * How many rounds a second does a federation of real clients play? Clients are connections of this
 * process, each with a worker thread of its own, over a broker on this machine. Processor time is
 * that of all of them together; the broker’s is not in it. The second half of the rounds counts.
 *
 * Run: npm run bench -- federation [CLIENTS, 10 if left out] [ROUNDS]
 */
import { join } from 'node:path'
import { parseRunConfig } from '../core/config/index.ts'
import { deploymentOf, Roster, Run, type JoinedClients } from '../core/engine/index.ts'
import { TestBroker } from '../core/testing/broker.ts'
import { joinFederation, openFederation } from '../platform/index.ts'
import { printTable } from './markdown.ts'
import { createBenchHost, inTemporaryFolder } from './play.ts'

const [clients = 10, rounds = 6000] = process.argv.slice(2).map(Number)
const config = parseRunConfig({
  name: 'federation',
  task: { kind: 'quadratic', dim: 1000 },
  federation: { clients, participants: clients, localSteps: 1, rounds },
  method: { name: 'hiso', perturbations: 5, learningRate: 0.001 },
  evaluation: { every: rounds },
})

/** Before it each client’s thread compiles its code. */
const firstCounted = Math.ceil(rounds / 2)
const counted = rounds - firstCounted

const host = createBenchHost()
const broker = await TestBroker.start()
await inTemporaryFolder(async (home) => {
  const folder = join(home, 'run')
  let joined: JoinedClients | undefined
  const ways = await openFederation(broker.address, undefined, {
    onFrame: (name, frame) => joined?.receive(name, frame),
    onAbsent: (name) => joined?.leave(name),
    onNotice: () => {},
  })
  const run = await Run.start(
    host,
    config,
    folder,
    deploymentOf(host, config, {
      roster: await Roster.open(host.files, folder, clients, '00000000'),
      start: clients,
      quorum: clients,
      deadlineMs: 60_000,
      send: (name, message) => ways.send(name, message),
      onOpened: (all) => (joined = all),
    }),
  )
  let began = 0
  let spent = process.cpuUsage()
  run.listen((event) => {
    if (event.type !== 'roundCompleted' || event.row.round !== firstCounted) return
    began = performance.now()
    spent = process.cpuUsage()
  })
  const members = Array.from({ length: clients }, (_, index) =>
    joinFederation({
      address: broker.address,
      name: `client-${index + 1}`,
      places: {},
      host,
      onNotice: () => {},
    }),
  )
  const { status, totals } = await run.play()
  const seconds = (performance.now() - began) / 1000
  const { user, system } = process.cpuUsage(spent)
  await Promise.all(members)
  await ways.close()
  printTable(
    [
      'clients',
      '>rounds',
      '>rounds/s',
      '>ms a round',
      '>processor ms a round',
      '>bytes up a round',
      'end',
    ],
    [
      [
        clients,
        rounds,
        (counted / seconds).toFixed(0),
        ((1000 * seconds) / counted).toFixed(2),
        ((user + system) / 1000 / counted).toFixed(2),
        (totals.uplinkBytes / rounds).toFixed(0),
        status,
      ],
    ],
  )
})
await broker.close()
