/** The real processes, on files that would take for ever. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { forkReader } from './forkReader.ts'
import { limitsFor } from './limits.ts'
import { createQuarantine } from './quarantine.ts'

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const quarantine = createQuarantine(() =>
  forkReader(at('dist/readerProcess.js'), {
    resources: at('resources'),
    workerScript: at('dist/workerThread.js'),
    readerScript: at('dist/readerThread.js'),
    version: 'test',
  }),
)
const folder = await mkdtemp(join(tmpdir(), 'hiso-quarantine-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

it('a file that hangs its reader is given up, and the next question is answered', async () => {
  const [hanging, answered] = await Promise.allSettled([
    quarantine.ask('describeTexts', { dataset: at('core/testing/texts/hangs.parquet') }),
    quarantine.ask('describeTexts', { dataset: at('core/testing/texts/reviews.parquet') }),
  ])
  expect(hanging).toMatchObject({
    reason: { code: 'FILE_UNREADABLE', message: expect.stringContaining('longer than') as string },
  })
  expect(answered.status).toBe('fulfilled')
  await expect(
    quarantine.ask('holdsTexts', { path: at('core/testing/texts/reviews.parquet') }),
  ).resolves.toBe(true)
}, 60_000)

it('what a reader finds wrong arrives as it was thrown', async () => {
  const path = join(folder, 'a.onnx')
  await writeFile(path, 'no model')
  await expect(quarantine.ask('inspectModel', { path })).rejects.toMatchObject({
    code: 'MODEL_INVALID',
  })
})

it('gives small files a floor, and larger ones in proportion', () => {
  const machine = 64 * 2 ** 30
  expect(limitsFor(1000, machine, false)).toMatchObject({ bytes: 256 * 2 ** 20 })
  expect(limitsFor(2 ** 30, machine, false)).toMatchObject({ bytes: 10 * 2 ** 30 })
  expect(limitsFor(2 ** 40, machine, false).bytes).toBe(machine / 2)
  expect(limitsFor(2 ** 30, machine, false).ms).toBeGreaterThan(15 * 60_000)
})
