/** Real clients on a real broker: the log that they write is the simulation's, byte for byte. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { overrideConfig, parseRunConfig, type RunConfig } from '../../core/config/index.ts'
import {
  deploymentOf,
  replayRun,
  Roster,
  Run,
  type JoinedClients,
  type OwnPlaces,
  type RunEvent,
} from '../../core/engine/index.ts'
import { imageShare, isImages } from '../../core/data/index.ts'
import { openSamples, splitOf } from '../../core/tasks/index.ts'
import { TestBroker } from '../../core/testing/broker.ts'
import { describeWithBroker } from '../../core/testing/describeWithBroker.ts'
import { decode, encode } from '../../core/wire/index.ts'
import { createNodeHost, joinFederation, openFederation } from '../index.ts'

const resources = resolve('resources')
const workerScript = pathToFileURL(resolve('dist/workerThread.js'))
const host = createNodeHost({ resources, workerScript, version: 'test' })
let folder: string
let broker: TestBroker

const configOf = (...overrides: readonly string[]) =>
  parseRunConfig(
    overrideConfig(
      {
        name: 'federation',
        task: { kind: 'quadratic', dim: 30, heterogeneity: 0.2, gradientNoise: 0.1 },
        federation: { clients: 3, participants: 2, localSteps: 2, rounds: 15 },
        method: { name: 'hiso', perturbations: 3, learningRate: 0.01 },
        evaluation: { every: 5 },
      },
      overrides,
    ),
  )

interface Served {
  readonly run: Run
  readonly notices: string[]
  /** Plays it to its end. */
  play(): ReturnType<Run['play']>
}

async function serve(
  name: string,
  config: RunConfig,
  { isResumed = false, onEvent = (_: RunEvent) => {} } = {},
): Promise<Served> {
  const path = join(folder, name)
  const roster = await Roster.open(host.files, path, config.federation.clients, 'a1b2c3d4')
  let joined: JoinedClients | undefined
  const ways = await openFederation(broker.address, undefined, {
    onFrame: (from, frame, session) => joined?.receive(from, frame, session),
    onAbsent: (from) => joined?.leave(from),
    onNotice: () => {},
  })
  const deployment = deploymentOf(host, config, {
    roster,
    start: config.federation.clients,
    quorum: 1,
    deadlineMs: 20_000,
    send: (to, message) => ways.send(to, message),
    onOpened: (clients) => (joined = clients),
  })
  const run = isResumed
    ? await Run.resume(host, path, { deployment })
    : await Run.start(host, config, path, deployment)
  // The order of joining would decide who is which client.
  for (const each of ['ana', 'ben', 'cem']) roster.indexOf(each)
  const notices: string[] = []
  run.listen((event) => {
    if (event.type === 'noticed') notices.push(event.text)
    onEvent(event)
  })
  return {
    run,
    notices,
    async play() {
      const record = await run.play()
      await ways.close()
      return record
    },
  }
}

function joinAs(name: string, signal?: AbortSignal, places: OwnPlaces = {}) {
  const said: string[] = []
  const ended = joinFederation({
    address: broker.address,
    name,
    places,
    host,
    onNotice: (text) => said.push(text),
    ...(signal && { signal }),
  })
  return { ended, said }
}

async function simulate(name: string, config: RunConfig) {
  const run = await Run.start(host, config, join(folder, name))
  return run.play()
}

const fileOf = (name: string, file: string) => readFileSync(join(folder, name, file))

describeWithBroker('a federation of real clients', () => {
  let listener: NatsConnection
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hiso-federation-'))
    broker = await TestBroker.start()
    listener = await connect({ servers: [`127.0.0.1:${broker.port}`] })
  })
  afterAll(async () => {
    await listener.close()
    await broker.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test('writes the log of its simulation, and its clients publish nothing but hellos and replies', async () => {
    const published = new Map<string, Uint8Array[]>()
    const everything = listener.subscribe('>', {
      callback: (_, { subject, data }) => {
        if (subject.startsWith('hiso.federation.to.')) return
        const before = published.get(subject) ?? []
        published.set(subject, [...before, new Uint8Array(data)])
      },
    })
    await listener.flush()
    const config = configOf()
    const simulated = await simulate('simulated', config)
    const served = await serve('real', config)
    const clients = ['ana', 'ben', 'cem'].map((name) => joinAs(name))
    const record = await served.play()
    const ended = await Promise.all(clients.map(({ ended }) => ended))
    everything.unsubscribe()

    expect(record).toMatchObject({ status: 'finished', stateHash: simulated.stateHash })
    for (const file of ['scalars.log', 'replies.log'])
      expect(fileOf('real', file).equals(fileOf('simulated', file))).toBe(true)
    expect(record.totals).toMatchObject({
      uplinkBytes: simulated.totals.uplinkBytes,
      downlinkBytes: simulated.totals.downlinkBytes,
    })
    expect(await replayRun(host, join(folder, 'real'))).toMatchObject({
      stateHash: record.stateHash,
    })
    expect(ended.every(({ rounds }) => rounds > 0)).toBe(true)

    expect([...published.keys()].sort()).toEqual(
      ['ana', 'ben', 'cem'].map((name) => `hiso.federation.from.${name}`),
    )
    const replies = [...published.values()].flat().filter((bytes) => {
      const { message, end } = decode(bytes)
      // The whole of what was published is one frame, in its only form.
      expect(end).toBe(bytes.length)
      expect(encode(message)).toEqual(bytes)
      expect(['hello', 'reply']).toContain(message.type)
      return message.type === 'reply'
    })
    const kept = fileOf('real', 'replies.log')
    expect(replies.reduce((sum, { length }) => sum + length, 0)).toBe(kept.length)
    for (const reply of replies) expect(kept.includes(Buffer.from(reply))).toBe(true)
  })

  test('says whose credentials were given, and whose are needed', async () => {
    const strict = await TestBroker.start(`authorization { users: [
      { user: ana, password: a, permissions: {
        publish: ["hiso.federation.from.ana"], subscribe: ["hiso.federation.to.ana"] } }
    ] }`)
    const credentialsPath = join(folder, 'ana.yaml')
    writeFileSync(credentialsPath, 'user: ana\npassword: a\n')
    const notices: string[] = []
    const onNotice = (text: string) => notices.push(text)
    const own = { address: strict.address, credentialsPath, places: {}, host, onNotice }
    await expect(joinFederation({ ...own, name: 'ben' })).rejects.toMatchObject({
      code: 'BROKER_REFUSED',
      what: expect.stringContaining('these credentials are ana’s, and not ben’s'),
      remedy: expect.stringContaining('--client ana'),
    })
    const events = { onFrame: () => {}, onAbsent: () => {}, onNotice }
    await expect(openFederation(strict.address, credentialsPath, events)).rejects.toMatchObject({
      code: 'BROKER_REFUSED',
      what: expect.stringContaining('not the server’s'),
    })
    const ended = new AbortController()
    const joining = joinFederation({ ...own, name: 'ana', signal: ended.signal })
    ended.abort()
    await expect(joining).resolves.toEqual({ rounds: 0, stateHash: undefined })
    await strict.close()
  })

  test('refuses, by name, answers to other rounds, of others, twice, or of another shape', async () => {
    const config = configOf('federation.participants=3', 'federation.rounds=3')
    const served = await serve('liars', config)
    const playing = served.play()
    const honest = ['ana', 'ben'].map((name) => joinAs(name))
    const lie = (client: number, round: number, scalars: readonly number[]) =>
      listener.publish(
        'hiso.federation.from.cem',
        encode({
          type: 'reply',
          round,
          client,
          scalarsPerStep: 3,
          scalars: Float32Array.from(scalars),
        }),
      )
    const cem = joinAs('cem')
    const row = new Array<number>(6).fill(1)
    lie(2, 77, row)
    lie(0, 0, row)
    lie(2, 0, [...row, 1, 1, 1])
    lie(
      2,
      0,
      row.map(() => NaN),
    )
    listener.publish('hiso.federation.from.cem', new Uint8Array([1, 2, 3]))
    listener.publish(
      'hiso.federation.from.eve',
      encode({ type: 'hello', round: 0, fingerprint: new Uint8Array(32), protocol: 2 }),
    )
    const record = await playing
    await Promise.all([...honest, cem].map(({ ended }) => ended))
    expect(record.stateHash).toBe((await simulate('without liars', config)).stateHash)
    const said = served.notices.join('\n')
    expect(said).toMatch(/cem: it answers round 78, which is not open/)
    expect(said).toMatch(/cem: it answers as client 1, and is client 3/)
    expect(said).not.toMatch(/message of ana/)
  })

  test('with images that lie on the clients’ own machines writes the log of its simulation too', async () => {
    const config = parseRunConfig({
      name: 'images',
      task: { dataset: 'mnist', model: 'mlp', hidden: [8] },
      split: { kind: 'dirichlet', alpha: 0.5 },
      federation: { clients: 3, participants: 3, localSteps: 2, rounds: 4, batchSize: 16 },
      method: { name: 'hiso', perturbations: 3, learningRate: 0.01 },
      evaluation: { every: 4, samples: 200 },
    })
    const simulated = await simulate('simulated images', config)
    const dataset = await openSamples(config, host)
    if (!isImages(dataset)) throw new Error('mnist is images')
    const split = splitOf(config, dataset)
    const clients = []
    const served = await serve('images', config)
    for (const [client, name] of ['ana', 'ben', 'cem'].entries()) {
      const data = join(folder, name)
      mkdirSync(data)
      for (const [file, bytes] of imageShare(dataset, split.samplesOf(client)))
        writeFileSync(join(data, file), bytes)
      clients.push(joinAs(name, undefined, { data }))
    }
    const record = await served.play()
    await Promise.all(clients.map(({ ended }) => ended))
    expect(record).toMatchObject({
      status: 'finished',
      stateHash: simulated.stateHash,
      latest: { testAccuracy: simulated.latest.testAccuracy },
    })
    expect(fileOf('images', 'scalars.log').equals(fileOf('simulated images', 'scalars.log'))).toBe(
      true,
    )
  })

  test.each([
    ['by the log', 12, ['federation.rounds=40']],
    // Of two frames each.
    ['by snapshots', 3, ['federation.rounds=6', 'federation.catchUp=snapshot', 'task.dim=70000']],
  ] as const)(
    'goes on %s when server and clients were killed, and a client may sleep',
    async (how, stopAt, overrides) => {
      const config = configOf('federation.participants=3', ...overrides)
      const name = `disturbed ${how}`
      const undisturbed = await simulate(`undisturbed ${how}`, config)
      const first = await serve(name, config, {
        onEvent: (event) => {
          if (event.type === 'roundCompleted' && event.row.round === stopAt) first.run.stop()
        },
      })
      const leaves = new AbortController()
      const leaving = joinAs('cem', leaves.signal)
      const staying = ['ana', 'ben'].map((each) => joinAs(each))
      expect(await first.play()).toMatchObject({ status: 'stopped' })
      leaves.abort()
      await leaving.ended
      const second = await serve(name, config, { isResumed: true })
      const back = joinAs('cem')
      const record = await second.play()
      await Promise.all([...staying, back].map(({ ended }) => ended))
      expect(record).toMatchObject({ status: 'finished', stateHash: undisturbed.stateHash })
      expect(fileOf(name, 'scalars.log').equals(fileOf(`undisturbed ${how}`, 'scalars.log'))).toBe(
        true,
      )
      expect(await replayRun(host, join(folder, name))).toMatchObject({
        stateHash: record.stateHash,
      })
    },
  )
})
