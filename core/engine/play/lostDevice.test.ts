/** A device that is lost in mid-round: the CPU goes on, with the same log. */
import { expect, test } from 'vitest'
import { HisoError } from '../../base/index.ts'
import { readRun, runFiles } from '../../runs/index.ts'
import { memoryEngineHost } from '../../testing/engineHost.ts'
import { quadraticConfig } from '../../testing/federation.ts'
import { openWorker, Run, type EngineHost, type RunEvent } from '../index.ts'

/** Two workers, so that each is started by the host. */
const configOn = (provider: string) =>
  quadraticConfig('federation.rounds=6', 'compute.workers=2', `compute.provider=${provider}`)

/** A host whose WebGPU answers for so many calls. */
function hostLosing(calls: number) {
  const memory = memoryEngineHost()
  const started: string[] = []
  let left = calls
  const closed: string[] = []
  const host: EngineHost = {
    ...memory,
    async startWorker(config, group) {
      const { provider } = config.compute
      started.push(provider)
      const opened = await openWorker(config, memory, group)
      const { worker } = opened
      if (provider === 'cpu') return opened
      const lost = new HisoError('PROVIDER_LOST', { what: 'webgpu no longer answers (gone)' })
      const losses: typeof worker.losses = (order) =>
        --left < 0 ? Promise.reject(lost) : worker.losses(order)
      const close = () => {
        closed.push(provider)
        return worker.close()
      }
      const own = Object.assign(Object.create(worker) as typeof worker, {
        ...{ losses, close },
        apply: worker.apply.bind(worker),
        evaluate: worker.evaluate.bind(worker),
        stateHash: worker.stateHash.bind(worker),
      })
      return { ...opened, worker: own }
    },
  }
  return { host, started, closed }
}

test.each([0, 1, 7])(
  'after %i answers the CPU plays the round, and writes the same log',
  async (calls) => {
    const undisturbed = memoryEngineHost()
    await (await Run.start(undisturbed, configOn('cpu'), 'a')).play()
    const { host, started, closed } = hostLosing(calls)
    const events: RunEvent[] = []
    const run = await Run.start(host, configOn('webgpu'), 'a')
    run.listen((event) => events.push(event))
    const record = await run.play()
    expect(record.status).toBe('finished')
    expect(await host.files.read(`a/${runFiles.log}`)).toEqual(
      await undisturbed.files.read(`a/${runFiles.log}`),
    )
    // Whoever starts after the loss starts on the CPU, and the lost ones let go of their memory.
    expect(started.filter((provider) => provider === 'webgpu').length).toBeLessThanOrEqual(2)
    expect(started).toContain('cpu')
    expect(closed.length).toBeGreaterThan(0)
    const said = /From round \d on the CPU computes: webgpu no longer answers/
    expect((await readRun(host, 'a')).record.notices.join()).toMatch(said)
    expect(
      events
        .filter((it) => it.type === 'noticed')
        .map(({ text }) => text)
        .join(),
    ).toMatch(said)
  },
)
