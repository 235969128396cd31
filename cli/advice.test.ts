/**
 * What messages advise is there: every command, option, setting and page that a text of the program
 * names exists. remedies.long.test.ts follows advice for real.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { createProgram } from './program.ts'
import type { CommandContext } from './context.ts'

const root = resolve(import.meta.dirname, '..')

/** Of the product: no tests, nothing that runs only here, and no list of words for choices. */
const sources = ['core', 'platform', 'api', 'cli', 'electron'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name).replaceAll('\\', '/'))
    .filter(
      (name) =>
        name.endsWith('.ts') &&
        !/\.test\.ts$|\.generated\.ts$|\/testing\/|^core\/config\/words\.ts$/.test(name),
    ),
)

/** The texts of a source with what surrounds them, a gap where a value goes. */
function textsOf(path: string): string[] {
  const file = ts.createSourceFile(
    path,
    readFileSync(join(root, path), 'utf8'),
    ts.ScriptTarget.ESNext,
  )
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return
    if (ts.isStringLiteralLike(node)) found.push(node.text)
    else if (ts.isTemplateExpression(node))
      found.push(
        [node.head, ...node.templateSpans.map(({ literal }) => literal)]
          .map((it) => it.text)
          .join('…'),
      )
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

const texts = sources.flatMap((path) => textsOf(path).map((text) => ({ path, text })))

/** Whatever in the texts fits, each once, without what is known. */
function unknown(pattern: RegExp, isKnown: (name: string, text: string) => boolean): string[] {
  const found = texts.flatMap(({ path, text }) =>
    [...text.matchAll(pattern)]
      .filter(([, name]) => !isKnown(name!, text))
      .map(([, name]) => `${path}: ${name}`),
  )
  return [...new Set(found)]
}

/** Words behind the program's name that name no command. */
const prose = new Set(['or', 'file'])
/** Options of the app itself and of other programs. */
const foreign = new Set(['--library', '--selftest', '--user-data-dir', '--model', '--task'])

const context = { terminal: { isColoured: false, write: () => {} } } as unknown as CommandContext
const program = createProgram(context, 'test', () => {})
const commands = new Set(program.commands.map((it) => it.name()))
const options = new Set(
  [program, ...program.commands].flatMap((it) => [
    '--help',
    ...it.options.map(({ long }) => long ?? ''),
  ]),
)

test('every command that is advised exists', () => {
  expect(texts.filter(({ text }) => /\bhiso [a-z]+/.test(text)).length).toBeGreaterThan(20)
  expect(unknown(/\bhiso ([a-z]+)\b/g, (name) => commands.has(name) || prose.has(name))).toEqual([])
})

test('every option that is advised exists', () => {
  expect(
    unknown(/(?<![\w-])(--[a-z][a-z-]+)/g, (name) => options.has(name) || foreign.has(name)),
  ).toEqual([])
})

test('every setting that is advised exists', () => {
  const reference = readFileSync(join(root, 'docs/config.md'), 'utf8')
  const paths = [...reference.matchAll(/^\| `([\w.]+)`/gm)].map(([, path]) => path!)
  // What tells the members of a union apart stands in the heading of their table.
  const isKnown = (name: string) => {
    const of = name.replace(/\.(kind|name)$/, '')
    return of.endsWith('.md') || paths.some((path) => path === name || path.startsWith(`${of}.`))
  }
  expect(
    unknown(
      /(?<!hiso\.)\b((?:task|split|federation|method|evaluation|compute|privacy|attack)(?:\.[a-z][A-Za-z]+)+)\b/g,
      isKnown,
    ),
  ).toEqual([])
})

test('every page that is advised exists', () => {
  const isKnown = (name: string) => existsSync(join(root, name))
  expect(unknown(/\b(docs\/[\w/-]+\.md)/g, isKnown)).toEqual([])
})
