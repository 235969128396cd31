/**
 * Are worker threads with ONNX Runtime stable inside Electron's utility process? Starts and ends
 * hundreds of them, with thousands of session runs. Run: node scripts/electron/soak.mjs [starts]
 * [closed | idle | running]; the app must be built.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { rolldown } from 'rolldown'
import { ensureElectron } from './dist.mjs'
import { hasDisplay, startDisplay } from './display.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** A small real run's config, with everything that the schema fills in. */
async function soakConfig() {
  const folder = mkdtempSync(join(tmpdir(), 'hiso-soak-'))
  try {
    const bundle = await rolldown({
      input: join(root, 'core', 'config', 'index.ts'),
      platform: 'node',
    })
    const file = join(folder, 'config.mjs')
    await bundle.write({ file, format: 'esm' })
    const { runConfigSchema } = await import(pathToFileURL(file))
    return runConfigSchema.parse({
      name: 'Soak',
      task: { kind: 'classification', dataset: 'mnist', model: 'mlp', hidden: [16] },
      federation: { clients: 8, participants: 4, rounds: 3, batchSize: 8 },
      method: { name: 'hiso' },
      compute: { workers: 1, provider: 'cpu', directionMemory: 16 },
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const settings = {
  starts: Number(process.argv[2] ?? 400),
  runsPerStart: 40,
  /** How workers end; see soak/host.cjs. */
  ending: process.argv[3] ?? 'closed',
  workerScript: join(root, 'out', 'threads', 'workerThread.mjs'),
  config: await soakConfig(),
  resources: join(root, 'resources'),
  version: 'soak',
}
const { executable, version } = await ensureElectron()
const display = hasDisplay() ? undefined : await startDisplay()
console.log(`Electron ${version}, ${settings.starts} starts of up to ${settings.runsPerStart} runs`)
const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : []
const child = spawn(executable, [...asRoot, join(root, 'scripts', 'electron', 'soak')], {
  stdio: ['ignore', 'inherit', 'inherit'],
  env: {
    ...process.env,
    HISO_SOAK: JSON.stringify(settings),
    ...(display ? { DISPLAY: display.name } : {}),
  },
})
child.once('exit', (code) => {
  display?.stop()
  process.exitCode = code ?? 1
})
