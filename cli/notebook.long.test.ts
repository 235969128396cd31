/** docs/notebook.md: each snippet is run where its tool is installed. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as hyparquet from 'hyparquet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hiso } from './testing/hisoProcess.ts'

/** What this test needs of it, and the program does not. */
const { asyncBufferFromFile, parquetReadObjects } = hyparquet as unknown as {
  asyncBufferFromFile: (path: string) => Promise<unknown>
  parquetReadObjects: (from: { file: unknown }) => Promise<Record<string, unknown>[]>
}

const root = fileURLToPath(new URL('..', import.meta.url))
const page = readFileSync(join(root, 'docs/notebook.md'), 'utf8')
const snippet = (language: string) =>
  new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(page)![1]!

let folder = ''
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'notebook-'))
  for (const learningRate of [0.001, 0.002]) {
    const config = {
      name: 'valley',
      task: { kind: 'quadratic', dim: 50 },
      method: { name: 'hiso', learningRate, perturbations: 4 },
      federation: { rounds: 12, clients: 4, participants: 2 },
      evaluation: { every: 4 },
    }
    writeFileSync(join(folder, 'config.json'), JSON.stringify(config))
    await hiso(folder, 'run', 'config.json', '--out', `runs/${learningRate}`)
  }
  await hiso(
    folder,
    'export',
    '--format',
    'csv',
    '--tidy',
    '--out',
    'runs.csv',
    'runs/0.001',
    'runs/0.002',
  )
  await hiso(
    folder,
    'export',
    '--format',
    'parquet',
    '--out',
    'runs.parquet',
    'runs/0.001',
    'runs/0.002',
  )
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const has = (command: string, ...args: string[]) => spawnSync(command, args).status === 0

describe('in a notebook', () => {
  it.each([
    ['python', '/usr/bin/python3', 'snippet.py', has('/usr/bin/python3', '-c', 'import pandas')],
    ['python polars', 'python3', 'snippet.py', has('python3', '-c', 'import polars')],
    ['r', 'Rscript', 'snippet.R', has('Rscript', '--version')],
    ['js', process.execPath, 'snippet.mjs', true],
  ])('the snippet for %s runs', (language, command, name, isThere) => {
    if (!isThere) return console.warn(`not installed here: the snippet for ${language} is not run`)
    const file = join(folder, name)
    writeFileSync(file, snippet(language))
    const { status, stdout, stderr } = spawnSync(command, [file], { cwd: folder, encoding: 'utf8' })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toMatch(/\d/)
  })

  it('Parquet and CSV hold the same rows, with units and the swept setting', async () => {
    const file = await asyncBufferFromFile(join(folder, 'runs.parquet'))
    const rows = await parquetReadObjects({ file })
    const lines = readFileSync(join(folder, 'runs.csv'), 'utf8').trimEnd().split('\n')
    expect(lines[0]).toBe(
      'run,method,seed,method.learningRate,round,localStep,perturbation,metric,unit,value',
    )
    expect(rows).toHaveLength(lines.length - 1)
    for (const at of [0, 17, rows.length - 1]) {
      const cells = Object.values(rows[at]!).map((cell) =>
        typeof cell === 'string' || typeof cell === 'number' ? String(cell) : '',
      )
      expect(cells.join(',')).toBe(lines[at + 1])
    }
    expect(new Set(rows.map(({ unit }) => unit))).toEqual(new Set(['', 'B', 'ms', 'clients']))
  })
})
