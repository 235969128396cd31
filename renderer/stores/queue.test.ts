/** The batch over a fake engine: so many at once, the next when one ends, stop all. */
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createFakeEngine, type FakeEngine } from '../testing/fakeEngine.ts'
import { fakeConfig } from '../testing/fakeConfigs.ts'
import { createFakeShell } from '../testing/fakeShell.ts'
import { useEngine } from './engine.ts'
import { setPorts } from './ports.ts'
import { useQueue } from './queue.ts'
import { nameOf } from './runNames.ts'
import { useRuns } from './runs.ts'

let engine: FakeEngine
const settled = () => new Promise((resolve) => setTimeout(resolve, 5))

beforeEach(() => {
  engine = createFakeEngine({ roundMs: 0 })
})

async function filled(count: number, parallel: number) {
  setActivePinia(createPinia())
  setPorts(engine, createFakeShell())
  useEngine().connect()
  useRuns().connect()
  engine.connect()
  const queue = useQueue()
  queue.parallel = parallel
  await settled()
  queue.add(Array.from({ length: count }, (_, index) => fakeConfig({ seed: index })))
  queue.play()
  await settled()
  return queue
}
const states = (queue: ReturnType<typeof useQueue>) => queue.items.map(({ state }) => state)
const players = () => [...engine.runs.values()]

describe('the queue', () => {
  it('plays so many at once, and the next when one ends', async () => {
    const queue = await filled(4, 2)
    expect(states(queue)).toEqual(['running', 'running', 'waiting', 'waiting'])
    players()[0]!.end('finished')
    await settled()
    expect(states(queue)).toEqual(['finished', 'running', 'running', 'waiting'])
    expect(queue.isPlaying).toBe(true)
  })

  it('shares the cores among runs that are side by side', async () => {
    await filled(2, 2)
    expect(players()[0]!.config.compute.workers).toBe(4)
  })

  it('leaves a single run all of them', async () => {
    await filled(1, 1)
    expect(players()[0]!.config.compute.workers).toBe('auto')
  })

  it('stops all, those that wait too, and goes on with all of it when that is undone', async () => {
    const queue = await filled(5, 2)
    const undo = await queue.stopAll()
    expect(new Set(states(queue))).toEqual(new Set(['stopped']))
    expect(queue.isPlaying).toBe(false)
    await undo()
    await settled()
    expect(states(queue)).toEqual(['running', 'running', 'waiting', 'waiting', 'waiting'])
    expect(queue.isPlaying).toBe(true)
  })

  it('shows at once that the stop is undone, before the engine has resumed anything', async () => {
    const queue = await filled(3, 1)
    const undo = await queue.stopAll()
    const undone = undo()
    expect(states(queue)).toEqual(['starting', 'waiting', 'waiting'])
    await undone
    expect(states(queue)).toEqual(['running', 'waiting', 'waiting'])
  })

  it('takes what the library has as done, and plays only the rest', async () => {
    const queue = await filled(1, 1)
    players()[0]!.end('finished')
    await settled()
    const [listing] = (await engine.request('listRuns', { library: '/runs' })).runs
    const again = fakeConfig({ seed: 0 })
    queue.add([again, fakeConfig({ seed: 1 })], new Map([[again, listing!]]))
    queue.play()
    await settled()
    expect(states(queue).slice(1)).toEqual(['finished', 'running'])
    expect(queue.items[1]).toMatchObject({ folder: listing!.folder, batch: 2 })
  })

  it('starts together what is to be seen beside each other', async () => {
    const queue = await filled(0, 1)
    const folders = await queue.playTogether([1, 2, 3].map((seed) => fakeConfig({ seed })))
    expect(folders).toHaveLength(3)
    expect(states(queue)).toEqual(['running', 'running', 'running'])
  })

  it('stops what is only starting too', async () => {
    const queue = await filled(0, 1)
    queue.add([fakeConfig({})])
    queue.play()
    expect(states(queue)).toEqual(['starting'])
    await queue.stopAll()
    await vi.waitFor(() => expect(states(queue)).toEqual(['stopped']))
  })

  it('goes on after a failed run, and holds when one cannot even start', async () => {
    const queue = await filled(3, 1)
    players()[0]!.end('failed')
    await settled()
    expect(states(queue)).toEqual(['failed', 'running', 'waiting'])
    engine = createFakeEngine({
      answers: {
        startRun: () => {
          throw new Error('no')
        },
      },
    })
    const broken = await filled(3, 1)
    expect(states(broken)).toEqual(['failed', 'waiting', 'waiting'])
    expect(broken.isPlaying).toBe(false)
  })

  it('calls its runs by what makes them differ, before and after they begin', async () => {
    const queue = await filled(3, 1)
    const names = queue.items.map(queue.nameOf)
    expect(names.map((name) => name.split(' · ').at(-1))).toEqual(['seed 0', 'seed 1', 'seed 2'])
    players()[0]!.end('finished')
    await settled()
    expect(queue.items.map(queue.nameOf)).toEqual(names)
    expect(nameOf(useRuns().open.get(queue.items[0]!.folder!)!)).toBe(names[0])
  })

  it('stops playing at its end', async () => {
    const queue = await filled(1, 1)
    players()[0]!.end('finished')
    await settled()
    expect(queue.isPlaying).toBe(false)
  })
})
