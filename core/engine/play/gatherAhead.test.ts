/** Workers begin with the next round while others still evaluate; nobody can tell from the run. */
import { expect, test } from 'vitest'
import type { RoundWorker } from '../../federation/index.ts'
import { runFiles } from '../../runs/index.ts'
import { memoryEngineHost } from '../../testing/engineHost.ts'
import { quadraticConfig } from '../../testing/federation.ts'
import { Run, type EngineHost } from '../index.ts'

const configFor = (workers: number, ...more: readonly string[]) =>
  quadraticConfig(
    'federation.rounds=9',
    'federation.localSteps=3',
    'federation.dropout=0.2',
    'evaluation.every=2',
    `compute.workers=${workers}`,
    ...more,
  )

type Act = (run: Run, round: number) => void

/** The files of a run in which `act` is called after every round. */
async function played(
  host: EngineHost,
  workers: number,
  act: Act = () => {},
  ...more: readonly string[]
) {
  const folder = `run-${workers}`
  const run = await Run.start(host, configFor(workers, ...more), folder)
  run.listen((event) => {
    if (event.type === 'roundCompleted') act(run, event.row.round)
    if (event.type === 'paused') run.continue()
  })
  const { status, rounds, stateHash } = await run.play()
  const names = [runFiles.log, runFiles.replies, runFiles.metrics]
  const files = await Promise.all(names.map((name) => host.files.read(`${folder}/${name}`)))
  return { status, rounds, stateHash, files: files.map((bytes) => bytes.join()) }
}

/**
 * A host whose workers end an evaluation only when some worker has been asked for losses meanwhile.
 */
function waitingForNextRound(): EngineHost {
  const host = memoryEngineHost()
  let isAsked = () => {}
  let asked = Promise.resolve()
  const waiting = (worker: RoundWorker): RoundWorker =>
    new Proxy(worker, {
      get(target, name: keyof RoundWorker) {
        if (name === 'losses') isAsked()
        const member: unknown = Reflect.get(target, name)
        if (name !== 'evaluate')
          return typeof member === 'function' ? (member.bind(target) as unknown) : member
        return async (from: number, to: number) => {
          asked = new Promise((resolve) => (isAsked = resolve))
          await asked
          return target.evaluate(from, to)
        }
      },
    })
  return {
    ...host,
    startWorker: async (config) => {
      const { worker, report } = await host.startWorker(config)
      return { worker: waiting(worker), report }
    },
  }
}

const actions: Readonly<Record<string, Act>> = {
  nothing: () => {},
  'a pause': (run, round) => round === 4 && run.pause(),
  'a stop': (run, round) => round === 6 && run.stop(),
  'another learning rate': (run, round) =>
    round % 4 === 0 && run.change('learningRate', 0.01 / round),
}
const zerothOrderActions: typeof actions = {
  ...actions,
  'another Hessian smoothing, asked for during a pause': (run, round) => {
    if (round !== 2) return
    run.pause()
    run.listen((event) => {
      if (event.type === 'paused') run.change('nu', 0.1)
    })
  },
}
const cases = (method: string, all: typeof actions) =>
  Object.entries(all).map(([name, act]) => [method, name, act] as const)

test.each([...cases('hiso', zerothOrderActions), ...cases('fedavg', actions)])(
  'a run of %s with an evaluation every second round and %s is the same, file by file, for 1, 2 and 4 workers',
  async (method, _, act) => {
    const [one, two, four] = await Promise.all(
      [1, 2, 4].map((workers) => played(memoryEngineHost(), workers, act, `method.name=${method}`)),
    )
    expect(two).toEqual(one)
    expect(four).toEqual(one)
  },
)

test('the next round begins before the evaluation has ended', async () => {
  // The last round has no next one to wait for.
  const stopBefore = (run: Run, round: number) => round === 7 && run.stop()
  const { rounds } = await played(waitingForNextRound(), 2, stopBefore)
  expect(rounds).toBe(7)
})

test('a loss that explodes in a round begun ahead ends the run at that round', async () => {
  const wild = ['method.learningRate=1e4', 'method.name=decomfl']
  const [one, two] = await Promise.all(
    [1, 2].map((workers) => played(memoryEngineHost(), workers, undefined, ...wild)),
  )
  expect(one!.status).toBe('failed')
  expect(two).toEqual(one)
})
