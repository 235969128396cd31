/**
 * What messages advise is there: every command, option, setting and page that a text of the program
 * names exists. remedies.long.test.ts follows advice for real.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { createProgram } from './program.ts'
import type { ErrorCode } from '../core/base/index.ts'
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
const prose = new Set(['or', 'file', 'files'])
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

/** Codes whose advice leads out of this program, or is followed elsewhere. */
const followedElsewhere: Readonly<Partial<Record<ErrorCode, string>>> = {
  MODEL_NOT_TRAINABLE: 'the model is exported again by the program that made it',
  PROVIDER_UNAVAILABLE: 'needs a machine with a device: platform/providers.test.ts',
  PROVIDER_LOST: 'needs a device that is lost: core/engine/play/lostDevice.test.ts',
  MEMORY_EXHAUSTED: 'needs a machine without memory',
  WIRE_CORRUPT: 'comes from the other side of a line, which sends again',
  RUN_NEWER: 'a newer program is installed',
  RUN_OLDER: 'an older program is installed',
  WORKER_DIED: 'others do the work: core/federation',
  WORKER_UNLIKE: 'needs two kinds of machines',
  HUB_UNREACHABLE: 'platform/nodeHub.long.test.ts',
  HUB_REFUSED: 'platform/nodeHub.long.test.ts',
  HUB_NOT_FOUND: 'platform/nodeHub.long.test.ts',
  HUB_CORRUPT: 'platform/nodeHub.long.test.ts',
  HUB_NOT_DOWNLOADED: 'needs the hub: e2e/hub.spec.ts',
  FEDERATION_MISMATCH: 'core/engine/deploy/federation.test.ts',
  FEDERATION_REFUSED: 'platform/nats/federation.long.test.ts',
  BROKER_UNREACHABLE: 'platform/nats/broker.long.test.ts',
  BROKER_REFUSED: 'platform/nats/broker.long.test.ts',
  BROKER_ADDRESS: 'platform/nats/broker.long.test.ts',
  BROKER_CREDENTIALS: 'platform/nats/broker.long.test.ts',
  LINK_NEWER: 'a newer program is installed',
  LINK_FILES: 'e2e/links.spec.ts',
}

test('the advice of every error code is followed, or it is known why not', () => {
  const read = (path: string) => readFileSync(join(root, path), 'utf8')
  const [, union] = /export type ErrorCode =([^]*?)\n\n/.exec(read('core/base/errors.ts'))!
  const codes = Array.from(union!.matchAll(/'(\w+)'/g), ([, code]) => code!)
  const followed = Array.from(
    read('cli/remedies.long.test.ts').matchAll(/says: \/(\w+)/g),
    ([, code]) => code!,
  )
  expect(codes.length).toBeGreaterThan(30)
  const elsewhere = Object.keys(followedElsewhere)
  expect([...new Set([...followed, ...elsewhere])].sort()).toEqual(codes.sort())
  expect(elsewhere.filter((code) => followed.includes(code))).toEqual([])
  const named = Object.values(followedElsewhere).flatMap(
    (text) => text.match(/\w+\/[\w/.]+/g) ?? [],
  )
  for (const path of named) expect(existsSync(join(root, path)), path).toBe(true)
})
