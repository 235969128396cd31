/** Capsules that somebody made to do harm. */
import { strToU8, zipSync } from 'fflate'
import { expect, it } from 'vitest'
import { memoryEngineHost } from '../../core/testing/engineHost.ts'
import { verifyCapsule } from '../commands/capsule.ts'
import { recordingTerminal } from '../testing/recordingTerminal.ts'

const manifest = (runs: readonly object[]) =>
  JSON.stringify({ format: 1, program: '0.1.0', runs, files: {} })

it.each([
  ['a file that is a folder too', { a: '1', 'a/b': '2' }, /called "a\/b", or lie in each other/],
  ['a folder that is a file too', { 'a/b': '1', a: '2' }, /called "a", or lie in each other/],
  ['a name out of its folder', { '../a': '' }, /called "\.\.\/a"/],
  ['a name that no disk takes', { ['x'.repeat(300)]: '' }, /a file in it is called "x+…/],
  [
    'a run whose name draws a line of ours',
    { 'manifest.json': manifest([{ name: 'x\n  ✓ y' }]) },
    /called "runs\/x\\n {2}✓ y"/,
  ],
  [
    'thousands of files without content',
    Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`f${i}`, ''])),
    /no manifest/,
  ],
  ['no run', { 'manifest.json': manifest([]) }, /not of the form/],
  ['two lists of runs', { 'manifest.json': '{"runs":[],"runs":[{}]}' }, /not of the form/],
])('is refused with %s', async (_, entries, message) => {
  const bytes = zipSync(
    Object.fromEntries(Object.entries(entries).map(([name, text]) => [name, strToU8(text)])),
  )
  const { terminal, stdout } = recordingTerminal()
  const host = memoryEngineHost({ '/c.zip': bytes })
  const context = { host, terminal, cwd: '/', invocation: 'hiso' }
  await expect(verifyCapsule(context, 'c.zip')).rejects.toThrow(message)
  expect(stdout()).toBe('')
})
