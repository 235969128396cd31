/** Runs of every method and setting, rebuilt from the documents by a second implementation. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createNodeHost } from '../../../platform/index.ts'
import { overrideConfig, parseRunConfig } from '../../config/index.ts'
import { packRun } from '../../runs/index.ts'
import { openWorker, Run, type EngineHost } from '../index.ts'

const script = resolve('scripts/check/rebuild.py')
const hasPython = spawnSync('python3', ['--version']).status === 0

const federation = { clients: 4, participants: 3, localSteps: 3, rounds: 4, batchSize: 4 }
const method = { name: 'hiso', learningRate: 0.01, perturbations: 4 }

/** Odd dimensions, so that no block of the noise is whole. */
const quadratic = {
  name: 'rebuilt',
  seed: 7,
  task: { kind: 'quadratic', dim: 53, spectrum: { kind: 'power-law', largest: 10 } },
  federation,
  method,
  compute: { workers: 1 },
}

/** Tensors of several shapes, and more coordinates than a stretch has. */
const network = {
  ...quadratic,
  task: { kind: 'classification', dataset: 'table.csv', model: 'mlp', hidden: [350] },
  federation: { ...federation, localSteps: 2, rounds: 2 },
  compute: { workers: 1 },
}

const hessian = (settings: string) => [`method.hessian={ ${settings} }`]
const onQuadratic: Record<string, readonly string[]> = {
  'H that draws again': hessian('update: all, redraw: true'),
  'H after each perturbation of all local steps': [
    'method.name=hiso-paramwise',
    ...hessian('update: all, nu: 0.2'),
  ],
  'a mask that the warm-up chose': [
    'method.name=meerkat',
    'method.maskRounds=2',
    'method.trainedShare=0.3',
  ],
  'a cone of normal directions': ['method.name=conmezo', 'method.distribution=gaussian'],
  'plain HiSo': [],
  'H from all local steps': hessian('update: all'),
  momentum: ['method.momentum=0.9'],
  'weight decay': ['method.weightDecay=0.1'],
  'momentum with weight decay': ['method.momentum=0.9', 'method.weightDecay=0.1'],
  'orthogonal directions': ['method.orthogonal=true'],
  'bias correction': hessian('biasCorrection: true, update: all'),
  'H without its isotropic part': hessian('debias: true, nu: 0.3'),
  'second differences, frozen after the warm-up': hessian(
    'estimate: second-difference, warmUp: 2, freezeAfterWarmUp: true',
  ),
  'second differences': hessian('estimate: second-difference, warmUp: 1'),
  'the sphere, without its isotropic part': [
    'method.distribution=sphere',
    ...hessian('debias: true, nu: 0.3'),
  ],
  'random signs, without their isotropic part': [
    'method.distribution=rademacher',
    ...hessian('debias: true, nu: 0.3'),
  ],
  'second differences on the sphere': [
    'method.distribution=sphere',
    ...hessian('estimate: second-difference'),
  ],
  'the sphere': ['method.distribution=sphere'],
  'random signs': ['method.distribution=rademacher'],
  'schedules in steps': [
    'method.learningRateSchedule={ kind: step, every: 2, factor: 0.5 }',
    'method.perturbationSchedule={ kind: step, every: 2, factor: 0.5 }',
  ],
  'a cosine schedule': ['method.learningRateSchedule={ kind: cosine }'],
  'dropped rounds': ['federation.dropout=0.9'],
  MeZO: ['method.name=mezo', 'federation.clients=1', 'federation.participants=1'],
}
for (const precision of ['float16', 'bfloat16', 'int8', 'int4', 'sign'])
  onQuadratic[`aggregates in ${precision}`] = [`method.aggregatePrecision=${precision}`]
for (const name of [
  'hiso-paramwise',
  'fzoo',
  'conmezo',
  'sparse-mezo',
  'hiso-short',
  'hiso-implicit',
  'decomfl-implicit',
  'decomfl',
  'fedkseed',
  'feedsign',
  'fedavg',
  'fedprox',
  'fedavgm',
  'scaffold',
  'fedadam',
  'fedyogi',
  'fedadagrad',
  'fedzo',
])
  onQuadratic[name] = [`method.name=${name}`]

const onNetwork: Record<string, readonly string[]> = {
  'low-rank directions': ['method.name=decomfl', 'method.distribution=low-rank', 'method.rank=2'],
  'low-rank directions in a cone, orthogonal to none': [
    'method.name=conmezo',
    'method.distribution=low-rank',
    'method.rank=1',
  ],
  'the smallest weights of each tensor': ['method.name=sparse-mezo', 'method.trainedShare=0.3'],
  'softmax regression that starts from 0': ['task.model=softmax', 'task.initialWeights=zero'],
  'one H per row': hessian('shape: row, update: all'),
  'one H per tensor, without its isotropic part': hessian(
    'shape: tensor, update: all, debias: true',
  ),
  'second differences per row, with momentum and orthogonal directions': [
    ...hessian('shape: row, update: all, estimate: second-difference, nu: 1'),
    'method.momentum=0.5',
    'method.orthogonal=true',
  ],
}

const host: EngineHost = {
  ...createNodeHost({ resources: resolve('resources'), workerScript: '', version: 'test' }),
  // Workers in this thread.
  startWorker: (own, texts) => openWorker(own, host, texts),
}
let home: string
/** What the Python program says of each run, by its file. */
const rebuilt = new Map<string, string>()

beforeAll(async () => {
  if (!hasPython) return
  home = mkdtempSync(join(tmpdir(), 'hiso-rebuild-'))
  const rows = Array.from({ length: 60 }, (_, i) => `${i % 7},${(i * i) % 11},${'xyz'[i % 3]}`)
  const table = join(home, 'table.csv')
  writeFileSync(table, ['a,b,label', ...rows].join('\n'))
  const files: string[] = []
  for (const [name, settings] of Object.entries(onQuadratic))
    files.push(await packedRun(name, quadratic, settings))
  for (const [name, settings] of Object.entries(onNetwork))
    files.push(await packedRun(name, network, [...settings, `task.dataset=${table}`]))
  // -S: without numpy, whether it is installed or not.
  const { stdout, stderr } = spawnSync('python3', ['-S', script, ...files], { encoding: 'utf8' })
  expect(stderr).toBe('')
  stdout
    .trim()
    .split('\n')
    .forEach((line, at) => rebuilt.set(files[at]!, line))
}, 120_000)

afterAll(() => {
  if (hasPython) rmSync(home, { recursive: true, force: true })
})

const fileOf = (name: string) => join(home, `${name.replaceAll(/\W+/g, '-')}.hiso`)

async function packedRun(name: string, config: object, settings: readonly string[]) {
  const folder = fileOf(name).replace('.hiso', '')
  const parsed = parseRunConfig(overrideConfig(config, settings), name)
  const { status } = await (await Run.start(host, parsed, folder)).play()
  expect(status, name).toBe('finished')
  writeFileSync(fileOf(name), await packRun(host, folder, { what: 'model' }))
  return fileOf(name)
}

describe.runIf(hasPython)('a run is rebuilt from the documents, bit for bit, with', () => {
  it.each([...Object.keys(onQuadratic), ...Object.keys(onNetwork)])('%s', (name) => {
    const [, found, recorded] = /state (\w+), recorded (\w+)/.exec(rebuilt.get(fileOf(name))!)!
    expect(found).toBe(recorded)
  })
})
