/**
 * The arrow check, tried on a copy of the folders: in each an import is planted that a rule
 * forbids, and each must be caught. So no folder's name can hide what lies in it, and no rule
 * stands there for nothing.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const config = createRequire(import.meta.url)('../.dependency-cruiser.cjs') as {
  readonly forbidden: readonly { readonly name: string }[]
}
const rules = config.forbidden.map(({ name }) => name)

const foldersIn = (path: string): string[] =>
  readdirSync(join(root, path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)

const layers = foldersIn('core').filter((name) => name !== 'testing')
const features = foldersIn('renderer/features')
const faces = [
  'figures',
  'platform',
  'api',
  'cli',
  'renderer',
  'bench',
  'electron/main',
  'electron/engineProcess',
]

interface Plant {
  readonly rule: string
  /** The file that holds the forbidden import. */
  readonly from: string
  /** A file, from the root, or a package. */
  readonly to: string
  readonly isType?: boolean
}

const plant = (rule: string, from: string, to: string, isType = false): Plant => ({
  rule,
  from: `${from}/${rule}.ts`,
  to,
  isType,
})

/** What a layer may not import: the engine, the highest layer, and the engine platform. */
const upwards = layers.map((layer) =>
  layer === 'engine'
    ? plant('core-knows-no-machine-and-no-face', `core/${layer}`, 'platform/index.ts')
    : plant(`core-${layer}-only-looks-down`, `core/${layer}`, 'core/engine/index.ts'),
)

const otherThan = (name: string, names: readonly string[]): string =>
  names.find((other) => other !== name)!

const plants: readonly Plant[] = [
  ...upwards,
  ...layers.flatMap((layer) => [
    plant('folders-through-their-index', `core/${layer}`, `core/${otherThan(layer, layers)}/x.ts`),
    plant('core-is-plain-ecmascript', `core/${layer}`, 'node:fs'),
    plant('one-folder-knows-the-inference-runtime', `core/${layer}`, 'onnxruntime-node'),
    plant('testing-is-for-tests', `core/${layer}`, 'core/testing/x.ts'),
    plant('no-undeclared-packages', `core/${layer}`, 'undeclared'),
    plant('nothing-unresolvable', `core/${layer}`, `core/${layer}/nowhere.ts`),
  ]),
  // Of types too, as of every other folder.
  ...[...faces, ...features.map((name) => `renderer/features/${name}`)].flatMap((face) =>
    layers.map((layer) => ({
      ...plant('faces-through-the-index-too', face, `core/${layer}/x.ts`, true),
      from: `${face}/${layer}Inside.ts`,
    })),
  ),
  ...['api', 'cli', 'electron/main', 'renderer', 'bench'].map((face) =>
    plant('platform-through-its-index', face, 'platform/x.ts'),
  ),
  ...['cli', 'renderer'].map((face) => plant('figures-through-their-index', face, 'figures/x.ts')),
  plant('core-is-plain-ecmascript', 'figures', 'node:fs'),
  plant('figures-know-no-machine-and-no-face', 'figures', 'renderer/x.ts'),
  plant('renderer-takes-config-and-statistics-as-values', 'figures', 'core/federation/index.ts'),
  plant('platform-knows-no-face', 'platform', 'cli/x.ts'),
  ...['core/engine', 'cli', 'platform'].map((folder) =>
    plant('one-folder-knows-the-broker', folder, '@nats-io/transport-node'),
  ),
  plant('api-knows-no-face', 'api', 'cli/x.ts'),
  plant('fuzz-tries-readers-not-faces', 'fuzz', 'cli/x.ts'),
  plant('nobody-needs-the-fuzz', 'cli', 'fuzz/x.ts'),
  ...['main', 'preload', 'ipc'].map((folder) =>
    plant('main-and-preload-take-only-types-of-core', `electron/${folder}`, 'core/base/index.ts'),
  ),
  plant('engine-process-knows-no-electron', 'electron/engineProcess', 'electron/main/x.ts'),
  ...['stores', 'charts', ...features.map((name) => `features/${name}`)].map((folder) =>
    plant(
      'renderer-takes-config-and-statistics-as-values',
      `renderer/${folder}`,
      'core/federation/index.ts',
    ),
  ),
  ...features.map((name) =>
    plant(
      'features-never-import-features',
      `renderer/features/${name}`,
      `renderer/features/${otherThan(name, features)}/x.ts`,
    ),
  ),
  plant('no-cycles', 'core/base', 'core/base/second.ts'),
  plant('no-cycles-of-types', 'core/runs', 'core/runs/second.ts', true),
]

let scratch = ''
/** "rule: file → what it imports", of everything that was caught. */
let caught: ReadonlySet<string> = new Set()

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'arrows-'))
  for (const file of ['.dependency-cruiser.cjs', 'tsconfig.base.json', 'package.json'])
    cpSync(join(root, file), join(scratch, file))
  for (const layer of [...layers, 'testing']) fill(`core/${layer}`)
  for (const folder of [...faces, 'e2e', 'fuzz', 'pretrain', 'electron/preload', 'electron/ipc'])
    fill(folder)
  for (const folder of ['stores', 'charts', ...features.map((name) => `features/${name}`)])
    fill(`renderer/${folder}`)
  package_('onnxruntime-node')
  package_('@nats-io/transport-node')
  package_('undeclared')
  for (const { from, to, isType = false } of plants) write(from, importOf(from, to, isType))
  write('core/base/second.ts', "import './no-cycles.ts'\nexport const it = 1\n")
  write(
    'core/runs/second.ts',
    "import type { it as other } from './no-cycles-of-types.ts'\nexport type it = typeof other\n",
  )
  write('core/runs/attic.ts', 'export const it = 1\n')
  caught = cruise()
})

afterAll(() => {
  rmSync(scratch, { recursive: true })
})

describe('the arrow check', () => {
  it.each(rules)('%s: catches each import that it forbids', (rule) => {
    const missed = plants
      .filter((it) => it.rule === rule)
      .map(described)
      .filter(isMissed)
    expect(missed).toEqual([])
  })

  it('finds a file that nobody imports', () => {
    expect(caught).toContain('no-orphans: core/runs/attic.ts → core/runs/attic.ts')
  })

  it('has no rule that is not tried here', () => {
    const tried = new Set([...plants.map(({ rule }) => rule), 'no-orphans'])
    expect(rules.filter((rule) => !tried.has(rule))).toEqual([])
  })
})

function described({ rule, from, to }: Plant): string {
  const resolved: Readonly<Record<string, string>> = {
    'node:fs': 'fs',
    'onnxruntime-node': 'node_modules/onnxruntime-node/dist/index.js',
    '@nats-io/transport-node': 'node_modules/@nats-io/transport-node/dist/index.js',
    undeclared: 'node_modules/undeclared/dist/index.js',
  }
  const unresolved = rule === 'nothing-unresolvable' ? './nowhere.ts' : undefined
  return `${rule}: ${from} → ${unresolved ?? resolved[to] ?? to}`
}

const isMissed = (violation: string): boolean => !caught.has(violation)

/** A folder with a public and an inner file. */
function fill(folder: string): void {
  write(`${folder}/index.ts`, "import './x.ts'\nexport const it = 1\n")
  write(`${folder}/x.ts`, 'export const it = 1\nexport type Shape = number\n')
}

function package_(name: string): void {
  write(
    `node_modules/${name}/package.json`,
    JSON.stringify({ name, version: '1.0.0', main: 'dist/index.js' }),
  )
  write(`node_modules/${name}/dist/index.js`, 'module.exports = { it: 1 }\n')
}

function importOf(from: string, to: string, isType: boolean): string {
  const isFile = /^(core|figures|platform|cli|electron|fuzz|renderer)\//.test(to)
  const path = isFile ? relative(dirname(from), to) : to
  const specifier = !isFile || path.startsWith('.') ? path : `./${path}`
  return isType
    ? `import type { it as other } from '${specifier}'\nexport type it = typeof other\n`
    : `import { it } from '${specifier}'\nexport const other = it\n`
}

function write(path: string, text: string): void {
  mkdirSync(join(scratch, dirname(path)), { recursive: true })
  writeFileSync(join(scratch, path), text)
}

function cruise(): ReadonlySet<string> {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'),
      ...[
        'core',
        'figures',
        'platform',
        'api',
        'cli',
        'bench',
        'fuzz',
        'pretrain',
        'electron',
        'renderer',
        'e2e',
      ],
      ...['--config', '.dependency-cruiser.cjs', '--output-type', 'json'],
    ],
    { cwd: scratch, encoding: 'utf8', maxBuffer: 2 ** 28 },
  )
  if (stdout === '') throw new Error(stderr)
  const { summary } = JSON.parse(stdout) as {
    summary: {
      violations: readonly { from: string; to: string; rule: { name: string } }[]
    }
  }
  return new Set(summary.violations.map(({ from, to, rule }) => `${rule.name}: ${from} → ${to}`))
}
