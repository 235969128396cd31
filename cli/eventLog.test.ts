import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { CommandContext } from './context.ts'
import { openEventLog } from './eventLog.ts'

let cwd: string
beforeEach(() => (cwd = mkdtempSync(join(tmpdir(), 'events-'))))
afterEach(() => rmSync(cwd, { recursive: true }))

const open = (word: string) =>
  openEventLog(word, { cwd, terminal: { tell: () => {} } } as unknown as CommandContext)

test('a folder that can’t be made is refused before there is a run, and the flag is named', () => {
  writeFileSync(join(cwd, 'file'), '')
  expect(() => open('tensorboard:file')).toThrow(/--log tensorboard:.*file: no folder can be made/)
  expect(() => open('tensorboard:file')).toThrow(/for example: --log tensorboard:logs/)
})

test('the folder is there before a run is', () => {
  open('tensorboard:a/b')
  expect(existsSync(join(cwd, 'a', 'b'))).toBe(true)
})
