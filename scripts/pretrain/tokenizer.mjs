/**
 * Makes the tokenizer of the shipped language model. Run: node scripts/pretrain/tokenizer.mjs
 * [VOCABULARY]
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { pretrainingText } from './text.mjs'
import { trainTokenizer } from './trainTokenizer.mjs'

const size = Number(process.argv[2] ?? 4096)
const folder = fileURLToPath(new URL('../../resources/models/opt-mail/', import.meta.url))
mkdirSync(folder, { recursive: true })
const documents = pretrainingText()
const tokenizer = trainTokenizer(documents, size)
writeFileSync(`${folder}tokenizer.json`, `${JSON.stringify(tokenizer)}\n`)
const letters = documents.reduce((sum, text) => sum + text.length, 0)
console.log(`${size} tokens from ${documents.length} documents, ${letters} letters, in ${folder}`)
