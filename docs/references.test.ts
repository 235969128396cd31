/**
 * Every file that the docs, or a comment in the code, refer to exists. No decisions share a number.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, normalize, relative } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const skipped = new Set(['node_modules', 'dist', 'out', 'release', 'runs', 'coverage'])
const files = filesBelow(root)
const names = new Set(files.map((file) => basename(file)))

/** Files of run folders, tokenizers and readers: this repository does not have them. */
const elsewhere = new Set([
  'config.yaml',
  'run.json',
  'clients.json',
  'server.yaml',
  'study/invitations/NAME.yaml',
  'notes.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'my.yaml',
  'hiso.schema.json',
  'LOOP.py',
  'zo_loop.py',
  'bench/NAME.bench.ts',
])

const extension = '(?:ts|vue|mjs|cjs|md|py|yaml|json|sh)'
const path = new RegExp(String.raw`(?<![\w./*@<-])[\w@-][\w./@-]*\.${extension}(?![\w/])`, 'g')
const folder =
  /^(?:core|platform|cli|electron|renderer|resources|scripts|docs|bench|e2e|pretrain)\//

it('holds for the links of the docs', () => {
  const missing = markdown().flatMap(([file, text]) =>
    [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
      .map(([, target]) => target!)
      .filter((target) => !/^[a-z]+:/.test(target))
      .filter((target) => !existsSync(join(root, dirname(file), target)))
      .map((target) => `${file}: ${target}`),
  )
  expect(missing).toEqual([])
})

it('holds for the headings that links of the docs lead to', () => {
  const missing = markdown().flatMap(([file, text]) =>
    [...text.matchAll(/\]\(([^)#\s]*)#([^)\s]+)\)/g)]
      .filter(([, target]) => target === '' || /^[^:]+\.md$/.test(target!))
      .filter(([, target, heading]) => {
        const page = target === '' ? text : read(join(dirname(file), target!))
        return !anchors(page).includes(heading!)
      })
      .map(([, target, heading]) => `${file}: ${target}#${heading}`),
  )
  expect(missing).toEqual([])
})

it('holds for the paths in backticks', () => {
  const missing = markdown().flatMap(([file, text]) =>
    [...text.matchAll(/`([^`\s]+)`/g)]
      .map(([, quoted]) => quoted!)
      .filter((quoted) => folder.test(quoted) || new RegExp(`^${path.source}$`).test(quoted))
      .filter((quoted) => !isThere(file, quoted))
      .map((quoted) => `${file}: ${quoted}`),
  )
  expect(missing).toEqual([])
})

it('numbers each decision once', () => {
  const numbers = files
    .filter((file) => file.startsWith('docs/decisions/'))
    .map((file) => basename(file).slice(0, 4))
  expect(numbers).toEqual([...new Set(numbers)])
})

it('holds for the files that comments name', () => {
  const missing = files
    .filter((file) => /\.(ts|vue|mjs|cjs|js)$/.test(file) && !file.includes('.generated.'))
    .flatMap((file) =>
      [...comments(read(file)).matchAll(path)]
        .map(([named]) => named)
        .filter((named) => !isThere(file, named))
        .map((named) => `${file}: ${named}`),
    )
  expect(missing).toEqual([])
})

function markdown(): [string, string][] {
  return files.filter((file) => file.endsWith('.md')).map((file) => [file, read(file)])
}

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}

function comments(source: string): string {
  return (source.match(/\/\*.*?\*\/|(?<!:)\/\/[^\n]*|<!--.*?-->/gs) ?? []).join('\n')
}

/** Whether a path exists as written from the root or from the file, or names a file somewhere. */
function isThere(file: string, named: string): boolean {
  if (elsewhere.has(named) || named.includes('*') || named.includes('…')) return true
  const inside = normalize(named)
  if (existsSync(join(root, inside)) || existsSync(join(root, dirname(file), inside))) return true
  if (!inside.includes('/')) return names.has(inside)
  return files.some((other) => other.endsWith(`/${inside}`))
}

/** The anchors of a page's headings, as GitHub makes them. */
function anchors(page: string): string[] {
  return [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-'),
  )
}

function filesBelow(folderPath: string): string[] {
  return readdirSync(folderPath, { withFileTypes: true }).flatMap((entry) => {
    const inside = join(folderPath, entry.name)
    if (entry.isDirectory())
      return skipped.has(entry.name) || entry.name.startsWith('.') ? [] : filesBelow(inside)
    return [relative(root, inside).replaceAll('\\', '/')]
  })
}
