import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { memoryFiles } from '../../testing/memoryFiles.ts'
import { listBundledTexts } from './bundledTexts.ts'

const folder = new URL('../../../resources/datasets/spam-mail/', import.meta.url)
const read = (name: string) => new Uint8Array(readFileSync(new URL(name, folder)))
const files = memoryFiles(
  Object.fromEntries(
    readdirSync(folder).map((name) => [`resources/datasets/spam-mail/${name}`, read(name)]),
  ),
)

it('the bundled texts are what their text.json says', async () => {
  const [spam, ...others] = await listBundledTexts(files)
  expect(others).toEqual([])
  expect(spam!.metadata).toMatchObject({
    title: 'Spam or not',
    licence: 'CC0-1.0',
    template: 'spam',
  })
  for (const [name, expected] of Object.entries(spam!.metadata.sha256)) {
    const content = gunzipSync(read(`${name}.gz`))
    expect(createHash('sha256').update(content).digest('hex')).toBe(expected)
    const lines = content.toString().trim().split('\n')
    expect(lines.length).toBe(name.startsWith('train') ? spam!.metadata.train : spam!.metadata.test)
  }
})

it('no mail is in both parts', () => {
  const bodies = ['train', 'test'].map((part) =>
    gunzipSync(read(`${part}.jsonl.gz`))
      .toString()
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { body: string }).body),
  )
  const [train, test] = bodies as [string[], string[]]
  expect(new Set([...train, ...test]).size).toBe(train.length + test.length)
})
