/**
 * The engine in its process: asked over a port, killed and brought back, and never in the window's
 * way.
 */
import { parseConfigText, type RunConfig } from '../core/config/index.ts'
import { mnistRun, quadraticText } from './configs.ts'
import {
  askEngine,
  askShell,
  engineEvents,
  shellEvents,
  untilEnded,
  untilReady,
  untilRound,
} from './bare.ts'
import { expect, test, type Launched } from './studio.ts'

/** Kills the engine's process, as a crash would. */
async function killEngine({ app }: Launched): Promise<void> {
  const pid = await app.evaluate(
    ({ app: electron }) =>
      electron
        .getAppMetrics()
        .find(({ name, serviceName }) => (name ?? serviceName) === 'HiSo engine')?.pid,
  )
  expect(pid).toBeDefined()
  process.kill(pid ?? 0, 'SIGKILL')
}

async function startRun({ page }: Launched, library: string, config: RunConfig) {
  return askEngine<{ readonly folder: string }>(page, 'startRun', { config, library })
}

/** What main has said of the engine, in order. */
async function engineStates({ page }: Launched): Promise<readonly unknown[]> {
  const told = await shellEvents(page)
  return told.flatMap(([name, event]) => (name === 'engineStateChanged' ? [event['state']] : []))
}

test('a run is played to its end, and its events come in batches and in order', async ({
  studio,
}) => {
  const launched = await studio.launch({ bare: true })
  await untilReady(launched.page)
  // Far more rounds a second than batches, on a machine with other work too.
  const total = 2000
  const config = parseConfigText(quadraticText(total), 'valley')
  const { folder } = await startRun(launched, studio.library, config)
  const ended = await untilEnded(launched.page, folder)
  expect(ended).toMatchObject({ status: 'finished', rounds: total })
  const rounds = (await engineEvents(launched.page)).flatMap(({ event }) => event.row?.round ?? [])
  expect(rounds).toEqual(Array.from({ length: total }, (_, index) => index + 1))
  expect(await launched.page.evaluate('window.bare.batches')).toBeLessThan(total / 2)
})

test('typed arrays arrive as typed arrays', async ({ studio }) => {
  const { page } = await studio.launch({ bare: true })
  await untilReady(page)
  const kind = await page.evaluate(
    (config) =>
      (
        window as unknown as { bare: { engine(...args: unknown[]): Promise<{ sizes: unknown }> } }
      ).bare
        .engine('previewSplit', { config })
        .then(({ sizes }) => Object.prototype.toString.call(sizes)),
    mnistRun(1),
  )
  expect(kind).toBe('[object Uint32Array]')
})

test('an error keeps its code', async ({ studio }) => {
  const { page } = await studio.launch({ bare: true })
  await untilReady(page)
  await expect(askEngine(page, 'readRun', { folder: '/nowhere' })).rejects.toThrow('RUN_NOT_FOUND')
})

test('an engine killed in mid-run comes back, and the run ends in the same state', async ({
  studio,
}) => {
  const launched = await studio.launch({ bare: true })
  await untilReady(launched.page)
  const rounds = 1500
  const undisturbed = await startRun(launched, studio.library, mnistRun(rounds))
  const expected = await untilEnded(launched.page, undisturbed.folder)
  const { folder } = await startRun(launched, studio.library, mnistRun(rounds))
  await launched.page.waitForFunction(
    (of) =>
      (
        window as unknown as {
          bare: { events: { folder: string; event: { row?: { round: number } } }[] }
        }
      ).bare.events.some((it) => it.folder === of && (it.event.row?.round ?? 0) >= 40),
    folder,
  )
  await killEngine(launched)
  const record = await untilEnded(launched.page, folder)
  expect(record).toMatchObject({ status: 'finished', rounds, stateHash: expected?.stateHash })
  expect(expected?.stateHash).toMatch(/^[0-9a-f]{64}$/)
  expect((await engineStates(launched)).slice(-2)).toEqual(['lost', 'restarted'])
  expect(await launched.page.evaluate('window.bare.ports')).toBe(2)
})

const alone = { tag: '@alone' }
// It counts as dying at its start when it has lived for less than five seconds.
test(
  'an engine that dies at each start is given up with a reason, and can be tried again',
  alone,
  async ({ studio }) => {
    const launched = await studio.launch({ bare: true })
    const { page } = launched
    await untilReady(page)
    const states = () => engineStates(launched)
    for (let death = 1; death <= 3; death++) {
      await killEngine(launched)
      // The next one is killed once there is one: a test that reads the state too early kills the
      // same again.
      const then = death < 3 ? ['lost', 'restarted'] : ['failed']
      await expect.poll(async () => (await states()).slice(2 * (death - 1))).toEqual(then)
    }
    const failed = (await shellEvents(page)).findLast(
      ([name]) => name === 'engineStateChanged',
    )?.[1]
    expect(failed?.['text']).toContain('Start HiSo Studio again')
    await askShell(page, 'restartEngine')
    await expect.poll(async () => (await states()).at(-1)).toBe('running')
    expect(await askEngine(page, 'describeMachine')).toHaveProperty('cores')
  },
)

test(
  'the window answers at once while the engine works at full speed',
  alone,
  async ({ studio }) => {
    const launched = await studio.launch({ bare: true })
    await untilReady(launched.page)
    const { folder } = await startRun(launched, studio.library, mnistRun(100_000, 2))
    await untilRound(launched.page, 5)
    const times = await launched.page.evaluate(async () => {
      const answers: number[] = []
      for (let frame = 0; frame < 60; frame++) {
        const asked = performance.now()
        await (
          window as unknown as { shell: { request(name: string): Promise<unknown> } }
        ).shell.request('describe')
        answers.push(performance.now() - asked)
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
      return answers.sort((a, b) => a - b)
    })
    // Nearly all of them: one that other programs of the machine have held up says nothing of the
    // app.
    const slow = times[Math.floor(0.9 * times.length)]!
    console.log(`  answers of main: ${slow.toFixed(0)} ms at the 90th percentile`)
    expect(slow).toBeLessThan(500)
    await askEngine(launched.page, 'controlRun', { folder, action: 'stop' })
    await untilEnded(launched.page, folder)
  },
)
