import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readCredentials } from './credentials.ts'

const folder = mkdtempSync(join(tmpdir(), 'credentials-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('are read from a file, and not shown where it is none', () => {
  const path = join(folder, 'a.yaml')
  writeFileSync(path, 'user: anna\npassword: secret\n')
  expect(readCredentials(path)).toEqual({ user: 'anna', password: 'secret' })
  writeFileSync(path, 'user: anna\npasswort: secret\n')
  expect(() => readCredentials(path)).toThrow(/no credentials file/)
  expect(() => readCredentials(path)).not.toThrow(/secret/)
})

test.skipIf(!existsSync('/dev/zero'))('are not looked for in a device, which never ends', () => {
  expect(() => readCredentials('/dev/zero')).toThrow(/no small file.*--credentials/)
  expect(() => readCredentials(folder)).toThrow(/no small file/)
})
