/** docs/use-from-code.md as a reader tries it: every example, in turn, with the built package. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { metricColumns } from '../core/runs/index.ts'
import type * as Engine from './index.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const page = readFileSync(join(root, 'docs/use-from-code.md'), 'utf8')

interface Example {
  readonly title: string
  readonly code: string
}

const examples: Example[] = page.split(/^## /m).flatMap((section) =>
  [...section.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => ({
    title: section.split('\n')[0]!,
    code: code!,
  })),
)

/** Inside the package, so that it can be imported by its name. */
const scripts = join(root, 'dist', `examples-${process.pid}`)
let folder = ''

beforeAll(() => {
  mkdirSync(scripts, { recursive: true })
  folder = mkdtempSync(join(tmpdir(), 'use-from-code-'))
})

afterAll(() => {
  rmSync(scripts, { recursive: true })
  rmSync(folder, { recursive: true })
})

/** @returns what the example prints */
function play({ title, code }: Example): string {
  const script = join(scripts, `${title.replaceAll(/\W+/g, '-')}.mjs`)
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
  })
  writeFileSync(script, outputText)
  const { stdout, stderr, status } = spawnSync(process.execPath, [script], {
    cwd: folder,
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  expect(status).toBe(0)
  return stdout
}

describe('use it from code', () => {
  const printed: Readonly<Record<string, RegExp>> = {
    Run: /from-code-hiso-seed365 finished \d+\.\d+\n$/,
    'Stop and resume': /^stopped true\n$/,
    Replay: /^true 200 20 \d\.\d+\n$/,
    Inspect: /^hiso \d+ 40\n\[\n( {2}'client \d: \d+ bytes',?\n){4}\]\n$/,
    'A sweep, and a comparison':
      /^to reach \w+ \d.*\n(decomfl-.*bytes up\n){3}(hiso-.*bytes up\n){3}$/,
  }

  it('has an example of every function', () => {
    expect(examples.map(({ title }) => title)).toEqual(Object.keys(printed))
  })

  it.each(examples)('$title', (example) => {
    expect(play(example)).toMatch(printed[example.title]!)
  })

  it('names columns that metrics.csv has', () => {
    const [, python = ''] = /```python\n([\s\S]*?)```/.exec(page) ?? []
    const named = [...python.matchAll(/\[\[?((?:"\w+"(?:, )?)+)\]/g)]
      .flatMap(([, list]) => list!.split(', '))
      .map((name) => name.replaceAll('"', ''))
      .filter((name) => name !== 'run')
    expect(named).toContain('testLoss')
    for (const name of named) expect(metricColumns).toContain(name)
  })

  it('throws what is wrong with a config, with a remedy', async () => {
    const entry = pathToFileURL(join(root, 'dist/engine.js')).href
    const { run, HisoError } = (await import(entry)) as typeof Engine
    const wrong = run('quickstart', { set: ['method.name=hizo'], library: folder })
    await expect(wrong).rejects.toThrow(/did you mean hiso/)
    await expect(wrong).rejects.toBeInstanceOf(HisoError)
    await expect(run('quikstart')).rejects.toThrow(/Did you mean quickstart/)
  })

  it('says which settings do nothing', async () => {
    const entry = pathToFileURL(join(root, 'dist/engine.js')).href
    const { run } = (await import(entry)) as typeof Engine
    const noticed: string[] = []
    const { record } = await run(
      {
        name: 'idle',
        task: { kind: 'quadratic', dim: 20 },
        federation: { rounds: 2 },
        method: { name: 'decomfl', rank: 8 },
      },
      {
        set: ['devices.spread=2'],
        library: folder,
        onEvent: (event) => event.type === 'noticed' && noticed.push(event.text),
      },
    )
    expect(record.status).toBe('finished')
    expect(noticed).toEqual([
      expect.stringContaining('method.rank does nothing here'),
      expect.stringContaining('devices.spread does nothing here'),
    ])
  })
})
