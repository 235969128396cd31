import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
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

test('where nothing can be written, nothing is kept and nothing fails', async () => {
  writeFileSync(join(folder, 'file'), '')
  const cache = createNodeCache('1', join(folder, 'file', 'inside'))
  await cache.write('a', bytes)
  expect(await cache.read('a')).toBeUndefined()
})
