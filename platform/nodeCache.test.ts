import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createNodeCache } from './nodeCache.ts'

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'hiso-cache-'))))
afterEach(() => rmSync(folder, { recursive: true }))

const bytes = new Uint8Array([1, 2, 3])

test('a build finds what the same build has kept, and no other', async () => {
  const made = join(folder, 'made', 'here')
  await createNodeCache('1', made).write('a', bytes)
  expect(await createNodeCache('1', made).read('a')).toEqual(bytes)
  expect(await createNodeCache('2', made).read('a')).toBeUndefined()
})

test('only the newest are kept', async () => {
  const cache = createNodeCache('1', folder)
  for (let at = 0; at < 40; at++) {
    const old = join(folder, `old${at}`)
    writeFileSync(old, '')
    utimesSync(old, at, at)
  }
  await cache.write('a', bytes)
  expect(readdirSync(folder)).toHaveLength(32)
  expect(await cache.read('a')).toEqual(bytes)
})

test('of the newest only as many bytes are kept as there is room for', async () => {
  const cache = createNodeCache('1', folder, { files: 10, bytes: 7 })
  for (const [at, name] of ['a', 'b', 'c'].entries()) {
    await cache.write(name, bytes)
    for (const file of readdirSync(folder).filter((file) => file.endsWith(name)))
      utimesSync(join(folder, file), at, at)
  }
  await cache.write('d', bytes)
  expect((await cache.names('')).toSorted()).toEqual(['c', 'd'])
})

test('names are listed and forgotten by their beginning, those of this build', async () => {
  const cache = createNodeCache('1', folder)
  await createNodeCache('2', folder).write('a1', bytes)
  for (const name of ['a1', 'a2', 'b1']) await cache.write(name, bytes)
  expect((await cache.names('a')).toSorted()).toEqual(['a1', 'a2'])
  await cache.forget('a')
  expect(await cache.names('')).toEqual(['b1'])
  expect(await createNodeCache('2', folder).names('a')).toEqual(['a1'])
})

/** What may stand where a kept file belongs. */
const inItsPlace: Readonly<Record<string, (path: string) => void>> = {
  'a folder': (path) => mkdirSync(join(path, 'inside'), { recursive: true }),
  'a pipe': (path) => execFileSync('mkfifo', [path]),
  'a file of a gigabyte': (path) => {
    writeFileSync(path, '')
    truncateSync(path, 2 ** 30)
  },
  'a link to a file of the user': (path) => symlinkSync(join(folder, 'mine'), path),
  'a link to nothing': (path) => symlinkSync(join(folder, 'nothing'), path),
}

test.skipIf(process.platform === 'win32').each(Object.keys(inItsPlace))(
  '%s in the place of a kept file is not read, nor written through',
  async (what) => {
    writeFileSync(join(folder, 'mine'), 'precious')
    const made = join(folder, 'made')
    const cache = createNodeCache('1', made)
    await cache.write('a', bytes)
    const [file] = readdirSync(made)
    rmSync(join(made, file!))
    inItsPlace[what]!(join(made, file!))
    expect(await cache.read('a')).toBeUndefined()
    await cache.write('a', bytes)
    expect(await cache.read('a')).toEqual(what === 'a folder' ? undefined : bytes)
    expect(readFileSync(join(folder, 'mine'), 'utf8')).toBe('precious')
    expect(existsSync(join(folder, 'nothing'))).toBe(false)
    expect(readdirSync(made)).toEqual([file])
  },
)

test('a folder that is a link is not written to, and nothing in it removed', async () => {
  const mine = join(folder, 'mine')
  mkdirSync(mine)
  for (let at = 0; at < 40; at++) writeFileSync(join(mine, `thesis${at}`), '')
  symlinkSync(mine, join(folder, 'made'))
  const cache = createNodeCache('1', join(folder, 'made'))
  await cache.write('a', bytes)
  await cache.forget('')
  expect(readdirSync(mine)).toHaveLength(40)
})

test('a link in the place of a file is not followed', async () => {
  const cache = createNodeCache('1', folder)
  await cache.write('a', bytes)
  const [file] = readdirSync(folder)
  renameSync(join(folder, file!), join(folder, 'elsewhere'))
  symlinkSync(join(folder, 'elsewhere'), join(folder, file!))
  expect(await cache.read('a')).toBeUndefined()
})

test('where nothing can be written, nothing is kept and nothing fails', async () => {
  writeFileSync(join(folder, 'file'), '')
  const cache = createNodeCache('1', join(folder, 'file', 'inside'))
  await cache.write('a', bytes)
  expect(await cache.read('a')).toBeUndefined()
  expect(await cache.names('')).toEqual([])
  await cache.forget('')
})
