/**
 * A Debian package from the packaged app, by dpkg-deb alone: electron-builder's own way needs a
 * tool that it downloads. What is said of the app comes from electron-builder.yml and package.json.
 */
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** The libraries that Electron loads and does not bring along. */
const depends = [
  ...['libgtk-3-0', 'libnotify4', 'libnss3', 'libxss1', 'libxtst6', 'xdg-utils'],
  ...['libatspi2.0-0', 'libuuid1', 'libsecret-1-0', 'libgbm1', 'libasound2'],
]

const architectures = { x64: 'amd64', arm64: 'arm64' }

/**
 * @param {object} of
 * @param {string} of.app the folder of the packaged app
 * @param {string} of.icons a folder of icons, each called by its size, as `64x64.png`
 * @param {object} of.config electron-builder.yml
 * @param {{ version: string, homepage: string }} of.manifest package.json
 * @param {string} of.to the folder for the package
 * @returns {string} the package
 * @throws {Error} where there is no dpkg-deb, or it fails
 */
export function buildDeb({ app, icons, config, manifest, to }) {
  const name = config.linux.executableName
  const architecture = architectures[process.arch] ?? process.arch
  const stage = mkdtempSync(join(tmpdir(), 'hiso-deb-'))
  const put = (path, text, mode = 0o644) => {
    const file = join(stage, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    chmodSync(file, mode)
  }
  try {
    chmodSync(stage, 0o755)
    const home = join('opt', name)
    cpSync(app, join(stage, home), { recursive: true, verbatimSymlinks: true })
    // Where the kernel lets nobody but root make a sandbox, this helper of Chrome's does.
    const sandbox = join(stage, home, 'chrome-sandbox')
    if (existsSync(sandbox)) chmodSync(sandbox, 0o4755)
    mkdirSync(join(stage, 'usr', 'bin'), { recursive: true })
    symlinkSync(`/${home}/${name}`, join(stage, 'usr', 'bin', name))
    for (const icon of readdirSync(icons)) {
      const size = icon.replace('.png', '')
      const place = join(stage, 'usr', 'share', 'icons', 'hicolor', size, 'apps', `${name}.png`)
      mkdirSync(dirname(place), { recursive: true })
      cpSync(join(icons, icon), place)
    }
    put(`usr/share/applications/${name}.desktop`, desktopEntry(config, `/${home}/${name}`))
    put(`usr/share/mime/packages/${name}.xml`, mimeTypes(config))
    put(`${home}/resources/apparmor-profile`, appArmorProfile(name, `/${home}/${name}`))
    put('DEBIAN/postinst', postinst(name, `/${home}`), 0o755)
    put('DEBIAN/postrm', postrm(name), 0o755)
    const size = Math.ceil(bytesIn(stage) / 1024)
    put('DEBIAN/control', control(config, manifest, { name, architecture, size }))
    mkdirSync(to, { recursive: true })
    const file = join(to, `${name}_${manifest.version}_${architecture}.deb`)
    const args = ['--build', '--root-owner-group', '-Zxz', stage, file]
    const { error, status, stderr } = spawnSync('dpkg-deb', args, { encoding: 'utf8' })
    if (error) throw new Error(`dpkg-deb can’t be started (${error.code}): install dpkg`)
    if (status !== 0) throw new Error(`dpkg-deb failed: ${stderr}`)
    return file
  } finally {
    rmSync(stage, { recursive: true, force: true })
  }
}

/** The size of all files in a folder, in bytes. */
function bytesIn(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
}

function control({ linux }, { version, homepage }, { name, architecture, size }) {
  return `Package: ${name}
Version: ${version}
Architecture: ${architecture}
Maintainer: ${linux.maintainer}
Installed-Size: ${size}
Depends: ${depends.join(', ')}
Section: science
Priority: optional
Homepage: ${homepage}
Description: ${linux.synopsis}
`
}

/** How menus, and whoever opens a file or a link, start the app. */
function desktopEntry({ productName, linux, fileAssociations, protocols }, executable) {
  const types = [
    ...fileAssociations.map(({ mimeType }) => mimeType),
    ...protocols.flatMap(({ schemes }) => schemes.map((it) => `x-scheme-handler/${it}`)),
  ]
  return `[Desktop Entry]
Type=Application
Name=${productName}
Comment=${linux.synopsis}
Exec=${executable} %U
Icon=${linux.executableName}
Categories=${linux.category};
MimeType=${types.join(';')};
StartupWMClass=${productName}
Terminal=false
`
}

function mimeTypes({ fileAssociations }) {
  const types = fileAssociations.map(
    ({ ext, mimeType, description }) => `  <mime-type type="${mimeType}">
    <comment>${description}</comment>
    <glob pattern="*.${ext}"/>
  </mime-type>`,
  )
  return `<?xml version="1.0" encoding="UTF-8"?>
<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">
${types.join('\n')}
</mime-info>
`
}

/** Ubuntu, since 24.04, lets only programs with a profile make the namespaces of a sandbox. */
function appArmorProfile(name, executable) {
  return `abi <abi/4.0>,
include <tunables/global>

profile ${name} ${executable} flags=(unconfined) {
  userns,
  include if exists <local/${name}>
}
`
}

/** An AppArmor before 4 knows no such profile, and needs none. */
function postinst(name, home) {
  return `#!/bin/sh
set -e
profile=/etc/apparmor.d/${name}
if [ "$1" = configure ] && command -v apparmor_parser >/dev/null &&
  apparmor_parser --skip-kernel-load --skip-cache ${home}/resources/apparmor-profile >/dev/null 2>&1
then
  cp ${home}/resources/apparmor-profile $profile
  apparmor_parser --replace $profile >/dev/null 2>&1 || true
fi
`
}

function postrm(name) {
  return `#!/bin/sh
set -e
profile=/etc/apparmor.d/${name}
if [ "$1" != upgrade ] && [ -e $profile ]; then
  command -v apparmor_parser >/dev/null && apparmor_parser --remove $profile >/dev/null 2>&1 || true
  rm -f $profile
fi
`
}
