/** A walk through a run whose table is gone, and is put back while the walk is open. */
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseRunConfig } from '../core/config/index.ts'
import { Engine, Run } from '../core/engine/index.ts'
import { createNodeHost } from './index.ts'

let folder: string
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'hiso-gone-'))))
afterAll(() => rmSync(folder, { recursive: true }))

const host = () =>
  createNodeHost({
    resources: resolve('resources'),
    workerScript: pathToFileURL(resolve('dist/workerThread.js')),
    version: 'test',
  })

test('the next question finds what was put back', async () => {
  const table = join(folder, 'pets.csv')
  const rows = Array.from({ length: 60 }, (_, n) => `${n % 7},${(n * n) % 11},${'cd'[n % 2]}`)
  writeFileSync(table, `a,b,kind\n${rows.join('\n')}\n`)
  const config = parseRunConfig({
    name: 'pets',
    task: { kind: 'classification', dataset: table, model: 'softmax' },
    federation: { clients: 3, participants: 2, rounds: 3 },
    method: { name: 'hiso', perturbations: 2 },
    compute: { workers: 1 },
  })
  const run = join(folder, 'run')
  await (await Run.start(host(), config, run)).play()
  const engine = new Engine(host(), () => {})
  const warningsOf = async () => {
    const { steps } = await engine.request('readWalk', { folder: run, round: 2 })
    return steps.flatMap(({ warning }) => warning ?? [])
  }

  renameSync(table, `${table}.away`)
  expect((await warningsOf()).join()).toMatch(/x is not known here: .*Put it back/)
  renameSync(`${table}.away`, table)
  expect(await warningsOf()).toEqual([])
})
