/** A reader that misbehaves is found out, whatever it does, and its input comes again. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { afterAll, expect, it } from 'vitest'
import { tryInputs } from './session.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const dir = await mkdtemp(join(tmpdir(), 'hiso-fuzz-'))
afterAll(() => rm(dir, { recursive: true, force: true }))
const bundle = await rolldown({
  input: { testing: join(root, 'fuzz', 'testing.ts') },
  platform: 'node',
  external: ['onnxruntime-node'],
})
await bundle.write({ dir, format: 'esm', entryFileNames: '[name].mjs' })

const tried = (reader: string) =>
  tryInputs(join(dir, 'testing.mjs'), { root }, { reader, from: 0, to: 12 }, { tried: () => {} })

const misbehaviours = [
  ['throws', 'a mistake'],
  ['breaks', 'a promise does not hold'],
  ['hangs', 'more than 4000 ms'],
  ['crashes', 'code 3'],
  ['forgets', 'unwaited for'],
  // Only Linux tells how much memory an input took.
  ...(process.platform === 'linux' ? [['fills', 'MiB of memory']] : []),
] as [reader: string, words: string][]

it.each(misbehaviours)(
  'a reader that %s is found, and the inputs behind it are tried',
  async (reader, words) => {
    const { findings, read } = await tried(reader)
    expect(findings.length).toBeGreaterThan(0)
    for (const { what } of findings) expect(what).toContain(words)
    expect(read).toBeGreaterThan(4)
    const again = await tried(reader)
    expect(again.findings.map(({ seed }) => seed)).toEqual(findings.map(({ seed }) => seed))
  },
  180_000,
)
