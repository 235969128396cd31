import { expect, it } from 'vitest'
import { memoryFiles } from '../../testing/memoryFiles.ts'
import { holdsTexts } from './holdsTexts.ts'

const table = (header: string, row: (i: number) => string) =>
  [header, ...Array.from({ length: 40 }, (_, i) => row(i))].join('\n')
const name = (i: number) => ['Iris setosa', 'Iris versicolor', 'Iris virginica'][i % 3]!

const told = (content: string) => holdsTexts('in.csv', memoryFiles({ 'in.csv': content }))

it.each([
  ['sentences and a class', table('text,label', (i) => `I saw it ${i} times,${i % 2}`)],
  [
    'words and words for classes',
    table('text,label', (i) => `mail ${i},${i % 2 ? 'ham' : 'spam'}`),
  ],
  ['texts in the last column', table('n,said', (i) => `${i % 2},it was film ${i}`)],
  ['a row of other width', table('text;label', (i) => (i === 30 ? 'a;b;1' : `row ${i};1`))],
  ['names among numbers', table('age,name,label', (i) => `${i},Name ${i},${i % 2}`)],
  ['JSON Lines', '{"text":"a"}'],
  ['a JSON list, which the reader of texts refuses', '[{"text":"a"}]'],
])('texts: %s', async (_, content) => {
  expect(await told(content)).toBe(true)
})

it.each([
  ['truth values', table('a,seen,label', (i) => `${i},${i % 3 === 0},${i % 2}`)],
  ['numbers and a class', table('a,b,label', (i) => `${i},${i / 8},${i % 2}`)],
  ['classes of several words', table('a,b,kind', (i) => `${i},${i / 8},${name(i)}`)],
  ['one wrong cell', table('a,b,label', (i) => `${i},${i === 7 ? 'oops' : i},${i % 2}`)],
  ['empty cells', table('a,b,label', (i) => `${i},,${i % 2}`)],
  ['many classes', table('a,b,label', (i) => `${i},1,${String.fromCharCode(65 + (i % 26))}`)],
  ['no table', 'text\nx\n'],
  ['nothing', ''],
  ['binary data', '\0\x01\x02'],
])('no texts: %s', async (_, content) => {
  expect(await told(content)).toBe(false)
})
