/**
 * `--selftest`: shows that this installation works, without showing anything: window, engine, ONNX
 * Runtime, three rounds of a real run.
 */
import type { BrowserWindow } from 'electron'
import { app } from 'electron'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EngineProcess } from './engineProcess.ts'

const patienceMs = 60_000

/**
 * Prints a report as JSON.
 *
 * @param ready the page's scripts have run
 * @returns the exit code
 */
export async function selftest(
  window: BrowserWindow,
  ready: Promise<void>,
  engine: EngineProcess,
  startedAt: number,
): Promise<number> {
  const failed = new Promise<false>((resolve) => {
    window.webContents.once('did-fail-load', () => resolve(false))
    setTimeout(() => resolve(false), patienceMs)
  })
  const folder = await mkdtemp(join(tmpdir(), 'hiso-selftest-'))
  try {
    const hasPage = await Promise.race([ready.then(() => true), failed])
    engine.start()
    const windowMs = Date.now() - startedAt
    const report = await engine.selftest(join(folder, 'run'), patienceMs)
    const ok = report.ok && hasPage
    const { electron, chrome, node } = process.versions
    const about = { version: app.getVersion(), electron, chrome, node, isPackaged: app.isPackaged }
    process.stdout.write(
      `${JSON.stringify({ ...about, window: hasPage, windowMs, ...report, ok })}\n`,
    )
    return ok ? 0 : 1
  } finally {
    await engine.close(0)
    await rm(folder, { recursive: true, force: true })
  }
}
