/** Parquet files of a few hundred bytes that claim billions of values. */
import { readFileSync } from 'node:fs'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { expect, it } from 'vitest'
import { memoryFiles } from '../testing/memoryFiles.ts'
import { readTable } from './text/readTable.ts'

const file = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../testing/texts/${name}`, import.meta.url)))
const reading = (bytes: Uint8Array) =>
  readTable('a.parquet', memoryFiles({ 'a.parquet': bytes }), 10)
const refusal = { code: 'DATA_INVALID', where: 'a.parquet' }

it('a run of more values than there are is refused instead of followed', async () => {
  await expect(reading(file('hangs.parquet'))).rejects.toMatchObject(refusal)
})

it('whatever byte of a file is another, an answer comes soon', async () => {
  const whole = file('groups.parquet')
  const started = performance.now()
  for (let at = 0; at < whole.length; at += 3)
    for (const byte of [0, 0x7f, 0xff]) {
      const bytes = whole.slice()
      bytes[at] = byte
      await reading(bytes).catch((error: unknown) => expect(error).toMatchObject(refusal))
    }
  expect(performance.now() - started).toBeLessThan(20_000)
}, 30_000)

it('a file of constants holds far more values than bytes, and is read', async () => {
  const bytes = new Uint8Array(
    parquetWriteBuffer({
      columnData: [{ name: 'x', data: new Array<string>(200_000).fill('same'), type: 'STRING' }],
    }),
  )
  expect(bytes.length).toBeLessThan(10_000)
  expect((await reading(bytes)).count).toBe(10)
})
