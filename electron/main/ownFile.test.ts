import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { isRunFolder } from './fileKind.ts'
import { readOwn, readOwnSync } from './ownFile.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'own-'))))
afterEach(() => rmSync(folder, { recursive: true }))

test('a file is read', async () => {
  writeFileSync(join(folder, 'a'), 'grün')
  expect(readOwnSync(join(folder, 'a'))).toBe('grün')
  expect(await readOwn(join(folder, 'a'))).toBe('grün')
})

describe.skipIf(process.platform === 'win32')('a pipe that nobody writes to', () => {
  test('is refused instead of waited for', async () => {
    const path = join(folder, 'pipe')
    execFileSync('mkfifo', [path])
    expect(() => readOwnSync(path)).toThrow('no small file')
    await expect(readOwn(path)).rejects.toThrow('no small file')
  })

  test('as run.json makes no folder a run', async () => {
    execFileSync('mkfifo', [join(folder, 'run.json')])
    expect(await isRunFolder(folder)).toBe(false)
  })
})
