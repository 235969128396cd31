/**
 * CONTRIBUTING.md, followed in a scratch copy: a method, a kind of task, a dataset, a chart and a
 * setting are added where it says, and nowhere else; then the program has them everywhere.
 */
import { execFile } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const copied = ['core', 'figures', 'platform', 'api', 'cli', 'scripts']
const files = ['package.json', 'package-lock.json', 'rolldown.config.mjs', 'tsconfig.base.json']
const at = (...parts: string[]) => join(copy, ...parts)
let copy: string

beforeAll(async () => {
  copy = mkdtempSync(join(tmpdir(), 'hiso-adding-'))
  for (const name of [...copied, ...files]) cpSync(join(root, name), at(name), { recursive: true })
  symlinkSync(join(root, 'node_modules'), at('node_modules'))
  link('resources', 'datasets')
  link('resources/datasets')
  addMethod()
  addTask()
  addDataset()
  addChart()
  addSetting()
  await promisify(execFile)(process.execPath, [at('scripts/build.mjs')], { cwd: copy })
}, 120_000)

afterAll(() => rmSync(copy, { recursive: true, force: true }))

test('each of them is there', async () => {
  expect(await hiso('help', 'twin')).toContain('DeComFL once more')
  expect(await hiso('help', 'evaluation.quiet')).toContain('Says less')
  expect(await hiso('inspect', 'digits')).toContain('Digits once more')
  expect(await hiso('init', 'new.yaml').then(() => textOf('new.yaml'))).toContain('quiet:')

  writeFileSync(
    at('config.yaml'),
    `name: each
task: { kind: valley, dim: 20 }
federation: { clients: 4, participants: 2, rounds: 4 }
method: { name: twin, learningRate: 0.01 }
evaluation: { every: 2, quiet: true }
compute: { workers: 1 }
`,
  )
  expect(await hiso('run', 'config.yaml', '--out', 'run')).toContain('Twin')
  expect(await hiso('replay', 'run', '--verify')).toContain('verified')
  expect(await hiso('show', 'run')).toContain('valley')
  await hiso('figure', 'run', '--chart', 'answers', '--format', 'svg', '--out', 'answers.svg')
  expect(textOf('answers.svg')).toContain('answered')
  await hiso('run', 'config.yaml', '--set', 'task={ dataset: digits, model: softmax }')
}, 120_000)

function addMethod(): void {
  insert('core/config/scalarMethods.ts', 'export const scalarMethods = [', {
    above: `const twin = z.strictObject({ name: z.literal('twin'), ...scalarOnly }).superRefine(checkStep)\n\n`,
    below: `\n  twin,`,
  })
  insert(
    'core/config/methodFacts.ts',
    'export const methodFacts: { readonly [Name in MethodName]: MethodFacts<Name> } = {',
    {
      below: `
  twin: {
    title: 'Twin',
    summary: 'DeComFL once more.',
    protocol: 'scalar',
    gradient: 'estimated',
    arxiv: '2405.15861',
    year: 2024,
  },`,
    },
  )
  writeFileSync(
    at('core/methods/twin.ts'),
    `import { flat } from './curvature.ts'
import { isotropic } from './direction.ts'
import type { ScalarPieces } from './scalarMethod.ts'

export const twin = (): ScalarPieces => ({ direction: isotropic, curvature: flat })
`,
  )
  insert(
    'core/methods/registry.ts',
    'const methods: { readonly [Name in MethodName]: Compose<Name> } = {',
    {
      above: `import { twin } from './twin.ts'\n\n`,
      below: `\n  twin,`,
    },
  )
}

function addTask(): void {
  insert('core/config/task.ts', 'export const taskSchema = field(', {
    above: `const valley = z.strictObject({
  kind: z.literal('valley'),
  dim: field(count(1, 2 ** 20).default(10), { label: 'Dimension', help: 'How long it is.' }),
})

`,
  })
  insert('core/config/task.ts', '[classification, language, quadratic', { below: ', valley' })
  insert(
    'core/config/taskFacts.ts',
    'readonly [Kind in TaskKind]: CheckedFacts<SettingsOfKind<Kind>>\n} = {',
    {
      below: `
  valley: {
    title: 'Valley',
    hasSamples: false,
    hasAccuracy: false,
    hasTexts: false,
    isPretrained: false,
    hasLayouts: false,
  },`,
    },
  )
  const source = textOf('core/tasks/quadratic/quadratic.ts')
    .replaceAll("'quadratic'", "'valley'")
    .replaceAll('const quadratic:', 'const valley:')
    .replaceAll('taskFacts.quadratic', 'taskFacts.valley')
    .replaceAll(
      'createQuadraticObjective(task, seed)',
      'createQuadraticObjective(asQuadratic(task), seed)',
    )
    .replaceAll('task: QuadraticSettings', 'task: ValleySettings')
    .replaceAll('{ dim }: QuadraticSettings', '{ dim }: ValleySettings')
    .replace(
      'taskFacts, type QuadraticSettings',
      'taskFacts, type QuadraticSettings, type SettingsOfKind',
    )
    .replace(
      'quadraticSpectrum(task.spectrum, dim)',
      'quadraticSpectrum(asQuadratic(task).spectrum, dim)',
    )
  mkdirSync(at('core/tasks/valley'))
  writeFileSync(
    at('core/tasks/valley/valley.ts'),
    `${source}
type ValleySettings = SettingsOfKind<'valley'>

const asQuadratic = ({ dim }: ValleySettings): QuadraticSettings => ({
  kind: 'quadratic',
  dim,
  spectrum: { kind: 'flat', largest: 1 },
  heterogeneity: 0,
  gradientNoise: 0,
})
`,
  )
  insert(
    'core/tasks/registry.ts',
    'export const tasks: { readonly [Kind in TaskKind]: Task<Kind> } = {',
    {
      above: `import { valley } from './valley/valley.ts'\n\n`,
      below: `\n  valley,`,
    },
  )
}

function addDataset(): void {
  cpSync(join(root, 'resources/datasets/mnist'), at('resources/datasets/digits'), {
    recursive: true,
  })
  const file = 'resources/datasets/digits/dataset.json'
  writeFileSync(at(file), textOf(file).replace('MNIST digits', 'Digits once more'))
}

function addChart(): void {
  insert('figures/charts/metricCharts.ts', 'export function roundBytesChart(', {
    above: `export function answersChart(...of: Parameters<typeof roundBytesChart>): ChartModel {
  const y = { label: 'clients that answered', quantity: 'count', scale: 'linear' } as const
  return { ...roundBytesChart(...of), title: 'Answers', y }
}

`,
  })
  insert('figures/charts/chartMeanings.ts', 'export const chartMeanings = {', {
    below: `\n  answers: { title: 'Answers', text: 'How many clients answered.' },`,
  })
  insert('figures/charts/runCharts.ts', 'export const runCharts = {', {
    above: `import { answersChart } from './metricCharts.ts'\n\n`,
    below: `
  answers: {
    title: 'How many clients answered',
    meaning: chartMeanings.answers,
    needs: 'metrics',
    build: (facts, settings) => answersChart(...common(facts, settings)),
  },`,
  })
}

function addSetting(): void {
  insert('core/config/runConfig.ts', 'const evaluationSchema = z.strictObject({', {
    below: `
  quiet: field(z.boolean().default(false), { label: 'Quiet', help: 'Says less.' }),`,
  })
}

/** Puts text before the line that an anchor begins, or right behind the anchor. */
function insert(
  file: string,
  anchor: string,
  { above = '', below = '' }: { readonly above?: string; readonly below?: string },
): void {
  const text = textOf(file)
  expect(text.split(anchor), `${file} has one ${anchor}`).toHaveLength(2)
  writeFileSync(
    at(file),
    text.replace(anchor, () => `${above}${anchor}${below}`),
  )
}

/** A folder whose contents are the real ones, but for one. */
function link(folder: string, but?: string): void {
  mkdirSync(at(folder), { recursive: true })
  for (const name of readdirSync(join(root, folder)))
    if (name !== but) symlinkSync(join(root, folder, name), at(folder, name))
}

function textOf(file: string): string {
  return readFileSync(at(file), 'utf8')
}

async function hiso(...args: string[]): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [at('dist/hiso.js'), ...args],
    { cwd: copy },
  )
  return stdout + stderr
}
