/** The index of a large library on the disk: what is shown at once has the paths that are there. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve, sep } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseRunConfig } from '../core/config/index.ts'
import { Engine, Run } from '../core/engine/index.ts'
import { unpackRecalled } from '../core/runs/index.ts'
import { createNodeCache } from './nodeCache.ts'
import { createNodeHost } from './index.ts'

let folder: string
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'hiso-index-'))))
afterAll(() => rmSync(folder, { recursive: true }))

test('the runs that an index recalls are those that a reading finds', async () => {
  const host = Object.assign(
    createNodeHost({ resources: resolve('resources'), workerScript: '', version: 'test' }),
    { cache: createNodeCache('1', join(folder, 'cache')) },
  )
  const config = parseRunConfig({
    name: 'index',
    task: { kind: 'quadratic', dim: 5 },
    federation: { clients: 2, participants: 1, rounds: 1 },
    method: { name: 'hiso' },
    compute: { workers: 1 },
  })
  const library = join(folder, 'library')
  await (await Run.start(host, config, join(library, 'group', 'run'))).play()
  for (let at = 0; at < 100; at++)
    cpSync(join(library, 'group', 'run'), join(library, `run${at}`), {
      recursive: true,
      preserveTimestamps: true,
    })
  // What was written a moment ago may change again, and is not kept in an index.
  await host.patience.wait(2100)
  const engine = new Engine(host, () => {})
  for (const named of [library, library + sep]) {
    const { runs } = await engine.request('listRuns', { library: named })
    const recalled = await engine.request('recallRuns', { library: named })
    expect(runs).toHaveLength(101)
    const foldersOf = (all: readonly { readonly folder: string }[]) =>
      all.map((run) => run.folder).sort()
    expect(foldersOf(unpackRecalled(recalled!))).toEqual(foldersOf(runs))
  }
})
