import { expect, it } from 'vitest'
import { HisoError } from '../../base/index.ts'
import { memoryEngineHost } from '../../testing/engineHost.ts'
import { quadraticConfig } from '../../testing/federation.ts'
import type { WorkerLink } from './cluster.ts'
import { Crew, type CrewOptions } from './crew.ts'

const facts = { name: 'mallory', cores: 1, workers: 1, version: 'x', system: 'x' }
const deadLink = (id: string): WorkerLink => ({
  machine: { id, ...facts },
  ask: () => Promise.reject(new HisoError('WORKER_DIED', { what: 'it has not answered for 5 s' })),
  tell: () => {},
  silentMs: () => 0,
  onLost: () => {},
  close: () => {},
})

it('machines that never answer are said once each, and a few times in all', async () => {
  const said: string[] = []
  const host = memoryEngineHost()
  const config = quadraticConfig()
  const { worker, report } = await host.startWorker(config)
  await worker.close()
  const crew = new Crew({
    ...{ host, version: 'x', config, first: report, ownClass: '' },
    pool: {} as CrewOptions['pool'],
    onNotice: (text) => said.push(text),
    onChange: () => {},
  })
  const settled = () => new Promise((resolve) => setTimeout(resolve))
  for (let times = 0; times < 3; times++) {
    crew.onOffer(deadLink('one'))
    await settled()
  }
  expect(said).toEqual(['mallory can’t work for this run: it has not answered for 5 s'])
  for (let id = 0; id < 500; id++) crew.onOffer(deadLink(String(id)))
  await settled()
  expect(said).toHaveLength(20)
  await crew.close()
})
