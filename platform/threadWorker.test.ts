/** Real worker threads with a real model: as many as one likes, dying when they like. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseRunConfig } from '../core/config/index.ts'
import { replayRun, Run, type RunEvent } from '../core/engine/index.ts'
import { createNodeHost } from './index.ts'

const workerScript = pathToFileURL(resolve('dist/workerThread.js'))
let folder: string
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'hiso-threads-'))))
afterAll(() => rmSync(folder, { recursive: true }))

const config = (workers: number) =>
  parseRunConfig({
    name: 'threads',
    task: { dataset: 'mnist', model: 'mlp', hidden: [8] },
    federation: { clients: 5, participants: 5, localSteps: 2, rounds: 4, batchSize: 16 },
    method: { name: 'hiso', perturbations: 3, learningRate: 0.01 },
    evaluation: { every: 2, samples: 300 },
    compute: { workers },
  })

const hostWith = (script: string | URL) =>
  createNodeHost({ resources: resolve('resources'), workerScript: script, version: 'test' })

async function play(
  name: string,
  workers: number,
  script: string | URL = workerScript,
  configOf = config,
) {
  const host = hostWith(script)
  const run = await Run.start(host, configOf(workers), join(folder, name))
  const events: RunEvent[] = []
  run.listen((event) => events.push(event))
  return { host, record: await run.play(), events }
}

/**
 * So many parameters that workers update one state together, in more chunks than there are workers.
 */
const large = (workers: number) =>
  parseRunConfig({
    name: 'together',
    task: { kind: 'quadratic', dim: 2 ** 20 + 77 },
    federation: { clients: 2, participants: 2, localSteps: 1, rounds: 4, dropout: 0.3 },
    method: { name: 'hiso', perturbations: 3, learningRate: 1e-9, momentum: 0.5 },
    evaluation: { every: 2 },
    compute: { workers, directionMemory: 4 },
  })

/** A worker's script that leaves, once, when it is given its n-th call. */
function scriptThatDiesAt(call: number, name = String(call)): string {
  const flag = join(folder, `died-at-${name}`)
  const script = join(folder, `dies-at-${name}.mjs`)
  writeFileSync(
    script,
    `import { existsSync, writeFileSync } from 'node:fs'
     import { parentPort } from 'node:worker_threads'
     let calls = 0
     parentPort.on('message', () => {
       if (++calls !== ${call} || existsSync(${JSON.stringify(flag)})) return
       writeFileSync(${JSON.stringify(flag)}, '')
       process.exit(3)
     })
     await import(${JSON.stringify(workerScript.href)})`,
  )
  return script
}

describe('a run on worker threads', () => {
  test('gives the same bits for 1, 2 and 4 workers, and from its log alone', async () => {
    const { record, host } = await play('one', 1)
    expect(record).toMatchObject({
      status: 'finished',
      environment: { provider: 'cpu', workers: 1 },
    })
    expect((await play('two', 2)).record).toMatchObject({
      stateHash: record.stateHash,
      latest: record.latest,
    })
    expect((await play('four', 4)).record).toMatchObject({
      stateHash: record.stateHash,
      latest: record.latest,
    })
    expect(await replayRun(host, join(folder, 'one'))).toMatchObject({
      stateHash: record.stateHash,
    })
  })

  test.each([1, 4, 9])(
    'goes on to the same bits when a worker dies at its call %i',
    async (call) => {
      const undisturbed = await play(`undisturbed-${call}`, 2)
      const { record, events } = await play(`disturbed-${call}`, 2, scriptThatDiesAt(call))
      expect(existsSync(join(folder, `died-at-${call}`))).toBe(true)
      expect(record.stateHash).toBe(undisturbed.record.stateHash)
      expect(events).toContainEqual({
        type: 'noticed',
        text: expect.stringMatching(/^Worker [12] died/) as string,
      })
    },
  )

  test('that update one state together gives the bits of one worker by itself, whoever dies', async () => {
    const alone = await play('alone', 1, workerScript, large)
    expect(alone.record.status).toBe('finished')
    const { stateHash, latest } = alone.record
    for (const workers of [2, 4]) {
      const { record } = await play(`together-${workers}`, workers, workerScript, large)
      expect(record).toMatchObject({ stateHash, latest })
    }
    for (const call of [2, 6]) {
      const script = scriptThatDiesAt(call, `together-${call}`)
      const { record, events } = await play(`survivors-${call}`, 2, script, large)
      expect(record).toMatchObject({ stateHash, latest })
      expect(events).toContainEqual({
        type: 'noticed',
        text: expect.stringMatching(/^Worker [12] died/) as string,
      })
    }
    expect(await replayRun(alone.host, join(folder, 'together-2'))).toMatchObject({ stateHash })
  })

  test('is not begun when the task is wrong, and says why as the worker saw it', async () => {
    const wrong = parseRunConfig({
      ...config(2),
      task: { dataset: 'mnist', model: 'nowhere.onnx' },
    })
    await expect(
      Run.start(hostWith(workerScript), wrong, join(folder, 'wrong')),
    ).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      where: 'nowhere.onnx',
    })
    expect(existsSync(join(folder, 'wrong'))).toBe(false)
  })
})
