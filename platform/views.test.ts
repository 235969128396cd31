/** Views of a run that goes on, answered by the real thread: the same answers as anywhere. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseRunConfig } from '../core/config/index.ts'
import { Engine, Run, type EngineEvent } from '../core/engine/index.ts'
import { createNodeHost } from './index.ts'

let folder: string
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'hiso-views-'))))
afterAll(() => rmSync(folder, { recursive: true }))

const config = parseRunConfig({
  name: 'views',
  task: { kind: 'quadratic', dim: 20 },
  federation: { clients: 4, participants: 2, localSteps: 1, rounds: 30 },
  method: { name: 'hiso', perturbations: 2 },
  compute: { workers: 1 },
})

const hostWith = (viewsScript?: string | URL) =>
  createNodeHost({
    resources: resolve('resources'),
    workerScript: '',
    version: 'test',
    ...(viewsScript && { viewsScript }),
  })

const threadScript = pathToFileURL(resolve('dist/viewsThread.js'))

async function play(name: string): Promise<string> {
  const run = join(folder, name)
  await (await Run.start(hostWith(), config, run)).play()
  return run
}

test('a thread answers as the engine itself would, and tells how far it is', async () => {
  const run = await play('played')
  const events: EngineEvent[] = []
  const [here, there] = [hostWith(), hostWith(threadScript)].map(
    (host) => new Engine(host, (event) => events.push(event)),
  ) as [Engine, Engine]
  const address = { client: 0, round: 3, localStep: 0 }
  const settings = { rounds: ['last'] as const, probes: 2, samples: 4 }
  for (const [name, argument] of [
    ['readRun', { folder: run }],
    ['inspectRound', { folder: run, round: 7 }],
    ['readWalk', { folder: run, round: 7 }],
    ['readMinibatch', { folder: run, address }],
    ['readScalars', { folder: run, from: 0, to: 30 }],
    ['readHessian', { folder: run, snapshots: 5 }],
    ['readParticipation', { folder: run, from: 3, to: 9 }],
    ['examineCurvature', { folder: run, settings }],
    ['exportRun', { folder: run, format: 'json' }],
  ] as const)
    expect(await there.request(name, argument as never), name).toEqual(
      await here.request(name, argument as never),
    )
  // Each reader names its readings itself.
  const listed = await here.request('listRuns', { library: folder })
  expect(await there.request('listRuns', { library: folder })).toEqual({
    ...listed,
    revision: expect.any(String) as string,
  })
  await expect(there.request('readRun', { folder: join(folder, 'none') })).rejects.toMatchObject({
    code: 'RUN_NOT_FOUND',
  })
  expect(events).toContainEqual(expect.objectContaining({ folder: run }))
})

test('a thread that dies costs its answers, and the next question starts another', async () => {
  const run = await play('outlived')
  const flag = join(folder, 'died')
  const script = join(folder, 'dies.mjs')
  writeFileSync(
    script,
    `import { existsSync, writeFileSync } from 'node:fs'
     if (!existsSync(${JSON.stringify(flag)})) {
       writeFileSync(${JSON.stringify(flag)}, '')
       process.exit(3)
     }
     await import(${JSON.stringify(threadScript.href)})`,
  )
  const engine = new Engine(hostWith(script), () => {})
  await expect(engine.request('readRun', { folder: run })).rejects.toMatchObject({
    code: 'WORKER_DIED',
  })
  expect(await engine.request('readRun', { folder: run })).toMatchObject({ isLive: false })
})
