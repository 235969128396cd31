import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseRunConfig, type Layout } from '../../config/index.ts'
import { openWorker, Run, type EngineHost } from '../index.ts'
import { createNodeHost } from '../../../platform/nodeHost.ts'

const resources = fileURLToPath(new URL('../../../resources', import.meta.url))
const config = parseRunConfig({
  name: 'cnn',
  task: { dataset: 'mnist', model: 'cnn-mnist' },
  federation: { clients: 3, participants: 2, rounds: 4, batchSize: 2 },
  method: { name: 'hiso', perturbations: 2 },
  evaluation: { every: 4, samples: 10 },
  compute: { workers: 2 },
})

/** Workers in this thread; notes the layout that each one was told. */
function hostNoting(told: Layout[]): EngineHost {
  const host = createNodeHost({ resources, workerScript: '', version: 'test' })
  const noting: EngineHost = {
    ...host,
    startWorker: (own) => {
      told.push(own.compute.layout)
      return openWorker(own, noting)
    },
  }
  return noting
}

let parent: string
beforeAll(async () => void (parent = await mkdtemp(join(tmpdir(), 'hiso-layout-'))))
afterAll(() => rm(parent, { recursive: true }))

test('all workers of a run take the layout that the first one found, and so does the run that goes on from it', async () => {
  const folder = join(parent, 'run')
  const told: Layout[] = []
  const host = hostNoting(told)
  const run = await Run.start(host, config, folder)
  run.listen((event) => {
    if (event.type === 'roundCompleted' && event.row.round === 2) run.stop()
  })
  const { environment } = await run.play()
  expect(told).toEqual(['auto', environment['layout']])

  await (await Run.resume(host, folder)).play()
  expect(told.slice(2)).toEqual([environment['layout'], environment['layout']])
})

test('a run from before there was a choice goes on in the plain layout', async () => {
  const folder = join(parent, 'old')
  const told: Layout[] = []
  const host = hostNoting(told)
  const run = await Run.start(
    host,
    { ...config, federation: { ...config.federation, rounds: 1 } },
    folder,
  )
  const {
    environment: { layout: _layout, ...before },
    ...record
  } = await run.play()
  const path = join(folder, 'run.json')
  await host.files.write(
    path,
    new TextEncoder().encode(JSON.stringify({ ...record, environment: before })),
  )
  told.length = 0
  await (await Run.resume(host, folder)).play()
  expect(told).toEqual(['plain', 'plain'])
})
