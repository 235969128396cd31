/** Workers in this process beside those of a run, with a real broker between them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { overrideConfig, parseRunConfig, type RunConfigInput } from '../../core/config/index.ts'
import { replayRun, Run, type MachineStatus, type RunEvent } from '../../core/engine/index.ts'
import { TestBroker } from '../../core/testing/broker.ts'
import { describeWithBroker } from '../../core/testing/describeWithBroker.ts'
import { createNodeHost, offerMachine } from '../index.ts'

const resources = resolve('resources')
const workerScript = pathToFileURL(resolve('dist/workerThread.js'))
const host = createNodeHost({ resources, workerScript, version: 'test' })
let folder: string
let broker: TestBroker

const small: RunConfigInput = {
  name: 'cluster',
  task: { kind: 'quadratic', dim: 50 },
  federation: { clients: 8, participants: 8, localSteps: 2, rounds: 12 },
  method: { name: 'hiso', perturbations: 4, learningRate: 0.01 },
  evaluation: { every: 4 },
}

const configOf = (input: RunConfigInput, ...overrides: readonly string[]) =>
  parseRunConfig(overrideConfig(input, overrides))

/** Plays a run, which waits before its first round until `workers` others work for it. */
async function play(
  name: string,
  config: ReturnType<typeof configOf>,
  workers = 0,
  onEvent: (event: RunEvent, run: Run) => void = () => {},
) {
  const run = await Run.start(host, config, join(folder, name))
  let machines: readonly MachineStatus[] = []
  const notices: string[] = []
  run.listen((event) => {
    onEvent(event, run)
    if (event.type === 'noticed') notices.push(event.text)
    if (event.type !== 'machinesReported') return
    machines = event.machines
    if (sum(machines.map(({ working }) => working)) >= workers) run.continue()
  })
  if (workers > 0) run.pause()
  const record = await run.play()
  return { record, notices, machines }
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

const offer = (name: string, workers: number, version = 'test', said: string[] = []) =>
  offerMachine({
    address: broker.address,
    workers,
    name,
    resources,
    workerScript,
    version,
    onNotice: (text) => said.push(text),
  })

describeWithBroker('workers elsewhere', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hiso-cluster-'))
    process.env['HISO_CACHE'] = join(folder, 'objects')
    broker = await TestBroker.start()
  })
  afterAll(async () => {
    await broker.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const image: RunConfigInput = {
    ...small,
    task: { dataset: 'mnist', model: 'mlp', hidden: [8] },
    evaluation: { every: 4, samples: 300 },
  }
  const mails: RunConfigInput = {
    ...small,
    task: {
      kind: 'language',
      model: 'opt-mail',
      dataset: 'spam-mail',
      template: 'spam',
      maxLength: 32,
      trainables: { kind: 'lora', rank: 2 },
    },
    federation: { clients: 4, participants: 4, localSteps: 1, rounds: 3, batchSize: 4 },
    method: { name: 'hiso', perturbations: 2, learningRate: 0.01 },
    evaluation: { every: 3, samples: 16 },
  }
  const rows = Array.from(
    { length: 80 },
    (_, i) => `${i % 7},${(i * i) % 11},${i % 2 ? 'odd' : 'even'}`,
  )

  test.each([
    ['hiso', small, []],
    ['hiso on images', image, []],
    ['feedsign', small, ['method={name: feedsign, learningRate: 0.01}']],
    ['hiso with LoRA', mails, []],
    ['fedavg', image, ['method={name: fedavg, learningRate: 0.05}']],
    // A file that the machine has to fetch.
    ['hiso on a table', small, ['task={ dataset: TABLE, model: softmax }']],
  ])('give %s the bits of a run without them', async (name, input, templates) => {
    const table = join(folder, 'table.csv')
    writeFileSync(table, `a,b,kind\n${rows.join('\n')}\n`)
    const overrides = templates.map((text) => text.replace('TABLE', table))
    const config = configOf(input, ...overrides)
    const alone = await play(`${name} alone`, config)
    expect(alone.record).toMatchObject({ status: 'finished' })
    const machine = await offer('lab', 2)
    const cluster = `compute.cluster=${broker.address}`
    const beside = await play(name, configOf(input, ...overrides, cluster), 2)
    await machine.close()
    expect(beside.record).toMatchObject({
      status: 'finished',
      stateHash: alone.record.stateHash,
      latest: alone.record.latest,
    })
    expect(beside.machines).toMatchObject([{ name: 'lab', working: 2 }])
    const { computedBy = [] } = beside.record
    expect(computedBy.map(({ machine }) => machine)).toContain('lab')
    expect(new Set(computedBy.map(({ classOf }) => classOf)).size).toBe(1)
    expect(await replayRun(host, join(folder, name))).toMatchObject({
      stateHash: alone.record.stateHash,
    })
  })

  test('that are lost while there is nothing to do are noticed', async () => {
    const machine = await offer('idle', 1)
    const { record, notices } = await play(
      'idle',
      configOf(small, `compute.cluster=${broker.address}`),
      // Nobody else comes: it stays paused until the machine has left.
      2,
      (event, run) => {
        if (event.type !== 'machinesReported') return
        const working = sum(event.machines.map((each) => each.working))
        if (working === 1) void machine.close()
        else if (event.machines.length === 1) run.continue()
      },
    )
    expect(record.status).toBe('finished')
    expect(notices.join()).toMatch(/idle has left \(its connection has ended\)/)
  })

  test('are lost with the broker and come back with it, and only that is said', async () => {
    const said: string[] = []
    const machine = await offer('lab', 2, 'test', said)
    let isOut = false
    const { record, notices } = await play(
      'outage',
      configOf(small, `compute.cluster=${broker.address}`),
      3,
      (event, run) => {
        if (event.type === 'noticed' && event.text.includes('can’t be reached')) void broker.start()
        if (event.type !== 'machinesReported') return
        const working = sum(event.machines.map((each) => each.working))
        if (working === 2 && isOut) run.continue()
        if (working === 2 && !isOut) void broker.kill()
        isOut ||= working === 2
      },
    )
    await machine.close()
    expect(record.status).toBe('finished')
    expect(notices).toEqual([
      'lab works for this run.',
      expect.stringContaining('can’t be reached'),
      expect.stringMatching(/^The broker at .* is back/),
      'lab is back, and works for this run.',
    ])
    expect(said.filter((text) => text.startsWith('Works'))).toEqual(
      said.filter((text) => text === 'Works for cluster with 2 workers.'),
    )
  })

  test('whose credentials are for something else are told so', async () => {
    const strict = await TestBroker.start(
      'authorization { users: [{ user: ana, password: a, permissions: { subscribe: "a", publish: "a" } }] }',
    )
    const credentialsPath = join(folder, 'ana.yaml')
    writeFileSync(credentialsPath, 'user: ana\npassword: a\n')
    const { address } = strict
    const own = { address, credentialsPath, resources, workerScript, version: 'test' }
    const refused = {
      code: 'BROKER_REFUSED',
      remedy: expect.stringContaining('those of a federation don’t do'),
    }
    await expect(offerMachine({ ...own, onNotice: () => {} })).rejects.toMatchObject(refused)
    const cared = createNodeHost({
      resources,
      workerScript,
      version: 'test',
      credentials: credentialsPath,
    })
    const config = configOf(small, `compute.cluster=${address}`)
    const playing = async () => (await Run.start(cared, config, join(folder, 'cared'))).play()
    await expect(playing()).rejects.toMatchObject(refused)
    await strict.close()
  })

  test('of another version are not let in, and people read why', async () => {
    const old = await offer('old', 1, 'older')
    let seen: readonly MachineStatus[] = []
    const { record, notices } = await play(
      'versions',
      configOf(small, `compute.cluster=${broker.address}`, 'federation.rounds=100000'),
      0,
      (event, run) => {
        if (event.type !== 'machinesReported') return
        seen = event.machines
        if (seen.some(({ obstacle }) => obstacle !== undefined)) run.stop()
      },
    )
    await old.close()
    expect(record.status).toMatch(/stopped|finished/)
    expect(notices.join()).toMatch(/old can’t work for this run.*version older.*same version/)
  })
})
