/**
 * Makes resources/datasets/mail-features from the shipped mails: 44 numbers counted in each, every
 * column in a unit of its own, as tables of measurements are. Run: node
 * scripts/datasets/mailFeatures.mjs
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { gzip } from './packDataset.mjs'

const resource = (name) =>
  fileURLToPath(new URL(`../../resources/datasets/${name}/`, import.meta.url))
const mails = ['train', 'test'].flatMap((part) =>
  gunzipSync(readFileSync(join(resource('spam-mail'), `${part}.jsonl.gz`)))
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line)),
)

const count = (text, pattern) => text.match(pattern)?.length ?? 0
const longest = (text, pattern) =>
  (text.match(pattern) ?? []).reduce((most, { length }) => Math.max(most, length), 0)

/** What is counted in a mail, as it stands in the mail. */
const signs = {
  'letters (thousands)': (text) => count(text, /[a-z]/gi) / 1000,
  'words (hundreds)': (text) => count(text, /[a-z']+/gi) / 100,
  'lines (tens)': (text) => count(text, /\n/g) / 10,
  'sentences (tens)': (text) => count(text, /[.!?](?=\s|$)/g) / 10,
  'capitals (%)': (text) => (100 * count(text, /[A-Z]/g)) / Math.max(1, count(text, /[a-z]/gi)),
  'digits (‰)': (text) => (1000 * count(text, /\d/g)) / text.length,
  'blanks (share)': (text) => count(text, / /g) / text.length,
  'longest word (letters)': (text) => longest(text, /[a-z]+/gi),
  'longest line (tens of signs)': (text) => longest(text, /[^\n]+/g) / 10,
  'longest run of capitals (letters)': (text) => longest(text, /[A-Z ]*[A-Z]/g),
  'letters per word': (text) => count(text, /[a-z]/gi) / Math.max(1, count(text, /[a-z']+/gi)),
  'exclamation marks': (text) => count(text, /!/g),
  'question marks (share of sentences)': (text) =>
    count(text, /\?/g) / Math.max(1, count(text, /[.!?](?=\s|$)/g)),
  'dollar signs': (text) => count(text, /\$/g),
  'per cent signs': (text) => count(text, /%/g),
  'commas (‰)': (text) => (1000 * count(text, /,/g)) / text.length,
  'brackets (‰)': (text) => (1000 * count(text, /[()]/g)) / text.length,
  'quotation marks (‰)': (text) => (1000 * count(text, /"/g)) / text.length,
  'stars and dashes in a row': (text) => longest(text, /[*_=-]+/g),
  'links per hundred words': (text) =>
    (100 * count(text, /\bURL\b/g)) / Math.max(1, count(text, /\w+/g)),
  addresses: (text) => count(text, /\bEMAIL\b/g),
  'subject (tens of letters)': (text) => text.indexOf('\n') / 10,
}

/** Words that are counted, by the unit of their columns. */
const words = {
  '‰ of words': ['i', 'you', 'your', 'our', 'we', 'but', 'it', 'my', 'or', 'for'],
  'per ten words': ['free', 'click', 'money', 'please', 'here', 'will'],
  times: ['remove', 'offer', 'business', 'credit', 'linux', 'file'],
}
const ofWords = Object.entries(words).flatMap(([unit, list]) =>
  list.map((word) => [
    `${word} (${unit})`,
    (text) => {
      const found = count(text, new RegExp(`\\b${word}\\b`, 'gi'))
      const all = Math.max(1, count(text, /[a-z']+/gi))
      return {
        '‰ of words': (1000 * found) / all,
        'per ten words': (10 * found) / all,
        times: found,
      }[unit]
    },
  ]),
)

const features = [...Object.entries(signs), ...ofWords]
const rounded = (value) => String(Number(value.toPrecision(6)))
const rows = mails.map(({ subject, body, label }) => {
  const text = `${subject}\n${body}`
  return [...features.map(([, of]) => rounded(of(text))), label].join(',')
})
const table = Buffer.from(
  `${[...features.map(([name]) => name), 'label'].join(',')}\n${rows.join('\n')}\n`,
)

const folder = resource('mail-features')
mkdirSync(folder, { recursive: true })
const packed = gzip(table)
writeFileSync(join(folder, 'features.csv.gz'), packed)
const about = {
  title: 'Mails in numbers',
  table: 'features.csv',
  licence: 'CC0-1.0',
  source: 'the bundled spam-mail, counted',
  madeBy: 'scripts/datasets/mailFeatures.mjs',
  train: rows.length,
  test: 0,
  sha256: { 'features.csv': createHash('sha256').update(table).digest('hex') },
}
writeFileSync(join(folder, 'dataset.json'), `${JSON.stringify(about, undefined, 2)}\n`)
writeFileSync(
  join(folder, 'README.md'),
  `# Mails in numbers, ${rows.length.toLocaleString('en')} rows

${features.length} numbers counted in every mail of \`spam-mail\`, and whether it is \`spam\` or \`ham\`: lengths in
letters, tens or thousands, shares, per cents, per mille, words per ten or per thousand. Each column
has the unit that its name says, so that columns differ by factors of thousands in size, as they do
in tables of measurements. With \`task.standardise: false\` a model sees them as they are.

Source and licence are those of \`spam-mail\` (CC0).

Made by \`node scripts/datasets/mailFeatures.mjs\`.
`,
)
console.log(
  `mail-features: ${rows.length} rows, ${features.length} columns, ${packed.length} bytes`,
)
