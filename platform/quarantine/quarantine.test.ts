/** The real processes, on files that would take for ever. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { Cancellation } from '../../core/hub/index.ts'
import { languageConfig, writeMails } from '../../core/testing/languageTask.ts'
import { forkReader } from './forkReader.ts'
import { countedMs, limitsFor } from './limits.ts'
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

/** A tokenizer whose pattern needs time that grows with the sixth power of a word's length. */
async function slowTexts() {
  const mails = join(folder, 'mails.jsonl')
  await writeMails(mails, 20, 'a'.repeat(200))
  const tokenizer = join(folder, 'tokenizer.json')
  const own = JSON.parse(await readFile(at('resources/models/opt-mail/tokenizer.json'), 'utf8'))
  const pattern = { Regex: '(?=a*a*a*a*a*a*b)' }
  const slow = { type: 'Split', pattern, behavior: 'Isolated', invert: false }
  own.pre_tokenizer = { type: 'Sequence', pretokenizers: [slow, own.pre_tokenizer] }
  await writeFile(tokenizer, JSON.stringify(own))
  return languageConfig(mails, [`task.tokenizer=${tokenizer}`])
}

it('a file that hangs its reader is given up, and the next question is answered', async () => {
  const [hanging, answered] = await Promise.allSettled([
    quarantine.ask('previewText', { config: await slowTexts() }),
    quarantine.ask('describeTexts', { dataset: at('core/testing/texts/reviews.parquet') }),
  ])
  expect(hanging).toMatchObject({
    reason: { code: 'FILE_UNREADABLE', message: expect.stringContaining('longer than') as string },
  })
  expect(answered.status).toBe('fulfilled')
  await expect(
    quarantine.ask('recogniseFile', { path: at('core/testing/texts/reviews.parquet') }),
  ).resolves.toEqual({ kind: 'texts' })
}, 120_000)

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

it('does not count the time that other programs take from a reader', () => {
  expect(countedMs(60_000, 3000)).toBeLessThan(limitsFor(1000, 2 ** 36, false).ms)
  expect(countedMs(20_000, 19_000)).toBeGreaterThan(limitsFor(1000, 2 ** 36, false).ms)
  // Helpers of the runtime work beside it: the clock on the wall is the most
  // that counts. One that only waits has an end, too.
  expect(countedMs(9000, 30_000)).toBe(9000)
  expect(countedMs(200_000, 0)).toBeGreaterThan(limitsFor(1000, 2 ** 36, false).ms)
})

it('a question is given up when nobody waits for it, also one that waits for its turn', async () => {
  const cancellations = [1, 2, 3].map(() => new Cancellation())
  const big = join(folder, 'big.jsonl')
  await writeFile(big, '{"text":"a few words of text","label":1}\n'.repeat(300_000))
  const started = performance.now()
  const asked = cancellations.map((it) => quarantine.ask('describeTexts', { dataset: big }, it))
  for (const cancellation of cancellations) cancellation.cancel()
  for (const { reason } of (await Promise.allSettled(asked)) as PromiseRejectedResult[])
    expect(reason).toMatchObject({ message: expect.stringContaining('cancelled') as string })
  expect(performance.now() - started).toBeLessThan(1000)
  const next = quarantine.ask('recogniseFile', { path: at('core/testing/texts/reviews.parquet') })
  await expect(next).resolves.toEqual({ kind: 'texts' })
})
