import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { warnOfOpenSecret } from './openSecret.ts'
import { recordingTerminal } from './testing/recordingTerminal.ts'

it.skipIf(process.platform === 'win32')('says which password others can read, and no other', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'hiso-secret-'))
  onTestFinished(() => rmSync(cwd, { recursive: true }))
  writeFileSync(join(cwd, 'a.yaml'), 'user: a')
  const said = (mode: number, path: string | undefined = 'a.yaml') => {
    const { terminal, stderr } = recordingTerminal()
    chmodSync(join(cwd, 'a.yaml'), mode)
    warnOfOpenSecret({ terminal, cwd }, path)
    return stderr()
  }
  for (const mode of [0o644, 0o640, 0o604]) expect(said(mode)).toContain('chmod 600 a.yaml')
  expect(said(0o600)).toBe('')
  expect(said(0o644, 'none.yaml')).toBe('')
  expect(said(0o644, '')).toBe('')
})
