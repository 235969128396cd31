import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { Settings } from './settings.ts'
import { settingsFolderProblem } from './settingsFolder.ts'

const temporary = () => mkdtempSync(join(tmpdir(), 'hiso-settings-'))

it('a folder that can be made is fine, and is left empty', () => {
  const folder = join(temporary(), 'a', 'b')
  expect(settingsFolderProblem(folder)).toBeUndefined()
  expect(readdirSync(folder)).toEqual([])
})

it('a file in the place of the folder is named, with what to do', () => {
  const file = join(temporary(), 'file')
  writeFileSync(file, 'x')
  for (const path of [file, join(file, 'inside')])
    expect(settingsFolderProblem(path)).toMatch(/can't be written.*--user-data-dir/)
})

it.skipIf(!existsSync('/proc/self'))('a folder that nobody can make is named, too', () => {
  expect(settingsFolderProblem('/proc/none/of/this')).toMatch(/can't be written/)
})

it('one bad field of the settings costs no other', () => {
  const path = join(temporary(), 'settings.json')
  const stored = {
    theme: 5,
    window: { bounds: 'wide', isMaximized: true, zoomLevel: 99 },
    folders: { open: '/a', save: 7 },
    recent: [{ kind: 'config', path: '/a.yaml' }, { kind: 'poem', path: '/b' }, 3],
  }
  writeFileSync(path, JSON.stringify(stored))
  expect(new Settings(path).data).toEqual({
    theme: 'system',
    window: { isMaximized: true, zoomLevel: 0 },
    folders: { open: '/a' },
    libraries: [],
    recent: [{ kind: 'config', path: '/a.yaml' }],
  })
  for (const text of ['[]', '5', 'null', '{"theme":"dark"', '{"theme":"dark"}x']) {
    writeFileSync(path, text)
    expect(new Settings(path).data.theme).toBe('system')
  }
})

it('settings are saved through no link that lies where a draft could be', () => {
  const folder = temporary()
  const path = join(folder, 'settings.json')
  const other = join(folder, 'other')
  writeFileSync(other, 'mine')
  symlinkSync(other, `${path}.new`)
  const settings = new Settings(path)
  settings.change({ theme: 'dark' })
  settings.flush()
  expect(readFileSync(other, 'utf8')).toBe('mine')
  expect(new Settings(path).data.theme).toBe('dark')
})
