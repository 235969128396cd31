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

it('a list of a billion values without a byte each is refused instead of made', async () => {
  const whole = file('groups.parquet')
  const view = new DataView(whole.buffer)
  const contents = view.getUint32(whole.length - 8, true)
  const body = whole.subarray(0, whole.length - 8 - contents)
  // Field 15: lists of truth values, of doubles, and in each other.
  const lists = [
    [0xf9, 0xf1, 0x80, 0x80, 0x80, 0x80, 0x04],
    [0xf9, 0xf7, 0x80, 0x80, 0x80, 0x80, 0x04],
    [0xf9, ...new Array<number>(5000).fill(0x19)],
  ]
  for (const list of lists) {
    const end = whole.subarray(whole.length - 8 - contents, whole.length - 9)
    const length = end.length + list.length + 1
    const tail = new Uint8Array([...list, 0, ...new Uint8Array(new Uint32Array([length]).buffer)])
    const magic = new TextEncoder().encode('PAR1')
    const bytes = new Uint8Array([...body, ...end, ...tail, ...magic])
    const started = performance.now()
    await expect(reading(bytes)).rejects.toMatchObject(refusal)
    expect(performance.now() - started).toBeLessThan(1000)
  }
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
