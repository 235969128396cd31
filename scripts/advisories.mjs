/**
 * Whether packages that are shipped have known weaknesses, by `npm audit`. A registry that does not
 * answer such questions is no reason to fail: that it was not checked is said.
 */
import { spawnSync } from 'node:child_process'
import { root } from './root.mjs'

/** @returns {number} 0 where nothing severe is known, or nothing could be asked */
export function checkAdvisories() {
  const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  const counts = countsIn(stdout)
  if (counts === undefined) {
    console.log('Not checked: the registry does not answer npm audit.')
    return 0
  }
  const severe = counts.high + counts.critical
  console.log(`${counts.total} advisories, ${severe} of them high or critical.`)
  if (severe > 0)
    console.log('npm audit says which; update the packages, or say in docs/decisions why not.')
  return severe > 0 ? 1 : 0
}

function countsIn(text) {
  try {
    return JSON.parse(text).metadata?.vulnerabilities
  } catch {
    return undefined
  }
}
