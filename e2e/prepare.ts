/** Before the first test: an Electron to run. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ensureElectron, explainMissingLibraries } from '../scripts/electron/dist.mjs'
import { repository } from './repository.ts'

export default async function prepare(): Promise<void> {
  if (!existsSync(join(repository, 'out', 'main', 'index.cjs')))
    throw new Error('the app is not built: node scripts/electron/build.mjs')
  const { executable } = await ensureElectron()
  const lacking = explainMissingLibraries(executable)
  if (lacking !== undefined) throw new Error(lacking)
  process.env['HISO_E2E_ELECTRON'] = executable
}
