/** The engine in its process: asked over a port, killed and brought back, and never in the window's way. */
import { mnistRun } from './configs.ts'
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

async function startRun({ page }: Launched, library: string, rounds: number, workers = 1) {
  const config = mnistRun(rounds, workers)
  return askEngine<{ readonly folder: string }>(page, 'startRun', { config, library })
}

test('a run is played to its end, and its events come in batches and in order', async ({
  studio,
}) => {
  const launched = await studio.launch({ bare: true })
  await untilReady(launched.page)
  const { folder } = await startRun(launched, studio.library, 100)
  expect(await untilEnded(launched.page, folder)).toMatchObject({ status: 'finished', rounds: 100 })
  const rounds = (await engineEvents(launched.page)).flatMap(({ event }) => event.row?.round ?? [])
  expect(rounds).toEqual(Array.from({ length: 100 }, (_, index) => index + 1))
  expect(await launched.page.evaluate('window.bare.batches')).toBeLessThan(80)
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
  const rounds = 600
  const undisturbed = await startRun(launched, studio.library, rounds)
  const expected = await untilEnded(launched.page, undisturbed.folder)
  const { folder } = await startRun(launched, studio.library, rounds)
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
  const states = (await shellEvents(launched.page)).flatMap(([name, event]) =>
    name === 'engineStateChanged' ? [event['state']] : [],
  )
  expect(states.slice(-2)).toEqual(['lost', 'restarted'])
  expect(await launched.page.evaluate('window.bare.ports')).toBe(2)
})

test('an engine that dies at each start is given up with a reason, and can be tried again', async ({
  studio,
}) => {
  const launched = await studio.launch({ bare: true })
  const { page } = launched
  await untilReady(page)
  const lastState = async () =>
    (await shellEvents(page)).findLast(([name]) => name === 'engineStateChanged')?.[1]
  for (let death = 0; death < 3; death++) {
    await expect
      .poll(async () => (await lastState())?.['state'] ?? 'running')
      .toMatch(/running|restarted/)
    await killEngine(launched)
    await page.waitForTimeout(200)
  }
  await expect.poll(async () => (await lastState())?.['state']).toBe('failed')
  expect((await lastState())?.['text']).toContain('Start HiSo Studio again')
  await askShell(page, 'restartEngine')
  await expect.poll(async () => (await lastState())?.['state']).toBe('running')
  expect(await askEngine(page, 'describeMachine')).toHaveProperty('cores')
})

test('the window answers at once while the engine works at full speed', async ({ studio }) => {
  const launched = await studio.launch({ bare: true })
  await untilReady(launched.page)
  const { folder } = await startRun(launched, studio.library, 400, 2)
  await untilRound(launched.page, 5)
  const longest = await launched.page.evaluate(async () => {
    let worst = 0
    for (let frame = 0; frame < 60; frame++) {
      const asked = performance.now()
      await (
        window as unknown as { shell: { request(name: string): Promise<unknown> } }
      ).shell.request('describe')
      worst = Math.max(worst, performance.now() - asked)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    return worst
  })
  console.log(`  slowest answer of main: ${longest.toFixed(0)} ms`)
  expect(longest).toBeLessThan(500)
  await askEngine(launched.page, 'controlRun', { folder, action: 'stop' })
  await untilEnded(launched.page, folder)
})
