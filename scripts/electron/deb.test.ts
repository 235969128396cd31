import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildDeb } from './deb.mjs'

const root = join(import.meta.dirname, '..', '..')
const hasTool = spawnSync('dpkg-deb', ['--version']).status === 0

describe.skipIf(!hasTool)('the Debian package', () => {
  let folder = ''
  let file = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hiso-deb-test-'))
    const app = join(folder, 'app')
    mkdirSync(join(app, 'resources'), { recursive: true })
    writeFileSync(join(app, 'hiso-studio'), '#!/bin/sh\n', { mode: 0o755 })
    writeFileSync(join(app, 'chrome-sandbox'), '', { mode: 0o755 })
    file = buildDeb({
      app,
      icons: join(root, 'resources', 'icons', 'png'),
      config: parse(readFileSync(join(root, 'electron-builder.yml'), 'utf8')),
      manifest: { version: '1.2.3', homepage: 'https://example.org' },
      to: join(folder, 'release'),
    })
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  const listed = () => execFileSync('dpkg-deb', ['--contents', file], { encoding: 'utf8' })
  const unpacked = (path: string) =>
    execFileSync('sh', ['-c', `dpkg-deb --fsys-tarfile "${file}" | tar xO ./${path}`], {
      encoding: 'utf8',
    })

  it('belongs to root, and lets Chrome’s helper make the sandbox', () => {
    expect(listed()).toMatch(/^-rwsr-xr-x root\/root .* \.\/opt\/hiso-studio\/chrome-sandbox$/m)
    expect(listed()).toMatch(/usr\/bin\/hiso-studio -> \/opt\/hiso-studio\/hiso-studio$/m)
  })

  it('opens runs and links, and has a profile for AppArmor', () => {
    const desktop = unpacked('usr/share/applications/hiso-studio.desktop')
    expect(desktop).toContain('MimeType=application/x-hiso-run;x-scheme-handler/hiso;')
    expect(unpacked('usr/share/mime/packages/hiso-studio.xml')).toContain('pattern="*.hiso"')
    expect(unpacked('opt/hiso-studio/resources/apparmor-profile')).toContain('userns,')
    expect(execFileSync('dpkg-deb', ['--info', file], { encoding: 'utf8' })).toMatch(
      / Version: 1\.2\.3\n/,
    )
  })
})
