import { execFileSync } from 'node:child_process'
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { streamFile } from './streamedFile.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'streamed-'))))
afterEach(() => rmSync(folder, { recursive: true }))

const write = (path: string) =>
  streamFile(path, async (file) => file.append(new TextEncoder().encode('new')))

test.skipIf(process.platform === 'win32')('a link is followed, and stays', async () => {
  writeFileSync(join(folder, 'real'), 'old')
  symlinkSync('real', join(folder, 'link'))
  await write(join(folder, 'link'))
  expect(lstatSync(join(folder, 'link')).isSymbolicLink()).toBe(true)
  expect(readFileSync(join(folder, 'real'), 'utf8')).toBe('new')
})

test.skipIf(process.platform === 'win32')('a pipe is written to, and stays', async () => {
  const pipe = join(folder, 'pipe')
  execFileSync('mkfifo', [pipe])
  const [read] = await Promise.all([readFile(pipe, 'utf8'), write(pipe)])
  expect(read).toBe('new')
  expect(lstatSync(pipe).isFIFO()).toBe(true)
})

test.skipIf(!existsSync('/dev/full'))('a full device says so, and stays', async () => {
  await expect(write('/dev/full')).rejects.toThrow(/no space left on device\).*make room/)
  expect(lstatSync('/dev/full').isCharacterDevice()).toBe(true)
})

test('what goes wrong leaves the old file, and nothing else', async () => {
  const path = join(folder, 'file')
  writeFileSync(path, 'old')
  const failing = streamFile(path, async (file) => {
    file.append(new Uint8Array(1))
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  expect(readFileSync(path, 'utf8')).toBe('old')
  expect(readdirSync(folder)).toEqual(['file'])
})
