/** States on the disk, whatever has become of their files: the walk is that of a replay. */
import { execFileSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseRunConfig } from '../core/config/index.ts'
import { Engine, Run } from '../core/engine/index.ts'
import { createNodeCache } from './nodeCache.ts'
import { createNodeHost } from './index.ts'

const rounds = 30
let folder: string
let run: string
let replayed: unknown

/** As if every reading of the clock took a second, so that states are worth keeping. */
function slowHost(states: string) {
  const host = createNodeHost({
    resources: resolve('resources'),
    workerScript: '',
    version: 'test',
  })
  let ms = 0
  const room = { files: 100, bytes: 2 ** 24 }
  return Object.assign(host, {
    states: createNodeCache('1', states, room),
    now: () => (ms += 1000),
  })
}

const walkFrom = (states: string) =>
  new Engine(slowHost(states), () => {}).request('readWalk', { folder: run, round: rounds - 1 })

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hiso-states-'))
  run = join(folder, 'run')
  const config = parseRunConfig({
    name: 'states',
    task: { kind: 'quadratic', dim: 20 },
    federation: { clients: 4, participants: 2, localSteps: 1, rounds },
    method: { name: 'hiso', perturbations: 2 },
    compute: { workers: 1 },
  })
  await (await Run.start(slowHost(join(folder, 'none')), config, run)).play()
  replayed = await walkFrom(join(folder, 'fresh'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const spoilt: Readonly<Record<string, (path: string) => void>> = {
  whole: () => {},
  'cut short': (path) => truncateSync(path, 100),
  empty: (path) => truncateSync(path, 0),
  garbage: (path) =>
    writeFileSync(
      path,
      Uint8Array.from({ length: 999 }, (_, at) => at * 7),
    ),
  'a gigabyte of zeros': (path) => {
    truncateSync(path, 0)
    truncateSync(path, 2 ** 30)
  },
  'a folder': (path) => {
    rmSync(path)
    mkdirSync(join(path, 'inside'), { recursive: true })
  },
  'a pipe': (path) => {
    rmSync(path)
    execFileSync('mkfifo', [path])
  },
  'a link to a file of the user': (path) => {
    rmSync(path)
    symlinkSync(join(folder, 'mine'), path)
  },
}

test.skipIf(process.platform === 'win32').each(Object.keys(spoilt))(
  'states that are %s',
  async (what) => {
    writeFileSync(join(folder, 'mine'), 'precious')
    const states = join(folder, what)
    await walkFrom(states)
    const kept = readdirSync(states)
    expect(kept.length).toBeGreaterThan(3)
    for (const name of kept) spoilt[what]!(join(states, name))
    expect(await walkFrom(states)).toEqual(replayed)
    expect(readFileSync(join(folder, 'mine'), 'utf8')).toBe('precious')
  },
)
