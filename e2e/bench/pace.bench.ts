/**
 * Rounds a second with the window open and its charts live, beside the command line's, taken in
 * turns.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { printTable } from '../../bench/markdown.ts'
import { openConfig, pressRun, writeConfig } from '../app.ts'
import { repository } from '../repository.ts'
import { test, type Studio } from '../studio.ts'
import { printLoad, quantile } from './figures.ts'
import { noteRounds, onlyRun, paceOf } from './roundClock.ts'
import { settings } from './settings.ts'

const turns = 3
const warmUp = 500
const lookEveryMs = 100

async function paceInTerminal(studio: Studio, text: string): Promise<number> {
  const library = join(dirname(studio.library), 'terminal')
  const config = await writeConfig(studio, 'terminal.yaml', text)
  const args = [join(repository, 'dist', 'hiso.js'), 'run', config, '--out', join(library, 'run')]
  const child = spawn(process.execPath, args, { cwd: repository, stdio: 'ignore' })
  const exited = once(child, 'exit')
  const ends = await noteRounds(await onlyRun(library), lookEveryMs)
  await exited
  await rm(library, { recursive: true })
  return paceOf(ends, warmUp)
}

async function paceInWindow(studio: Studio, text: string): Promise<number> {
  const { app, page } = await openConfig(studio, text)
  await pressRun(page)
  const ends = await noteRounds(await onlyRun(studio.library), lookEveryMs)
  await app.close()
  await rm(studio.library, { recursive: true })
  return paceOf(ends, warmUp)
}

for (const { name, text } of settings)
  test(`${name}: rounds a second`, async ({ studio }) => {
    const terminal: number[] = []
    const window: number[] = []
    for (let turn = 0; turn < turns; turn++) {
      terminal.push(await paceInTerminal(studio, text))
      window.push(await paceInWindow(studio, text))
    }
    const shares = window.map((pace, turn) => pace / terminal[turn]!)
    printLoad()
    printTable(
      ['setting', '>command line, rounds/s', '>window, rounds/s', '>share, median', 'shares'],
      [
        [
          name,
          quantile(terminal, 0.5).toFixed(0),
          quantile(window, 0.5).toFixed(0),
          `${(100 * quantile(shares, 0.5)).toFixed(0)}%`,
          shares.map((share) => `${(100 * share).toFixed(0)}%`).join(', '),
        ],
      ],
    )
  })
