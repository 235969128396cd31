/** Runs of every method and setting, rebuilt from the documents by a second implementation. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hiso } from './testing/hisoProcess.ts'

const script = fileURLToPath(new URL('../scripts/check/rebuild.py', import.meta.url))
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
  task: { kind: 'classification', dataset: 'table.csv', model: 'mlp', hidden: [500] },
  federation: { ...federation, localSteps: 2, rounds: 2 },
  compute: { workers: 2 },
}

const hessian = (settings: string) => [`method.hessian={ ${settings} }`]
const onQuadratic: Record<string, readonly string[]> = {
  'plain HiSo': [],
  'H from all local steps': hessian('update: all'),
  momentum: ['method.momentum=0.9'],
  'weight decay': ['method.weightDecay=0.1'],
  'momentum with weight decay': ['method.momentum=0.9', 'method.weightDecay=0.1'],
  'orthogonal directions': ['method.orthogonal=true'],
  'bias correction': hessian('biasCorrection: true, update: all'),
  'H without its isotropic part': hessian('debias: true, nu: 0.3'),
  'second differences': hessian('estimate: second-difference, warmUp: 1'),
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
  'hiso-short',
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

let home: string

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'hiso-rebuild-'))
  const rows = Array.from({ length: 60 }, (_, i) => `${i % 7},${(i * i) % 11},${'xyz'[i % 3]}`)
  writeFileSync(join(home, 'table.csv'), ['a,b,label', ...rows].join('\n'))
  writeFileSync(join(home, 'quadratic.json'), JSON.stringify(quadratic))
  writeFileSync(join(home, 'network.json'), JSON.stringify(network))
})

afterAll(() => rmSync(home, { recursive: true, force: true }))

async function isRebuilt(config: string, name: string, settings: readonly string[]) {
  const run = name.replaceAll(/\W+/g, '-')
  const set = settings.flatMap((setting) => ['--set', setting])
  expect(await hiso(home, 'run', config, '--out', run, ...set)).toMatchObject({ code: 0 })
  expect(await hiso(home, 'export', run, '--format', 'hiso')).toMatchObject({ code: 0 })
  const { stateHash } = JSON.parse(readFileSync(join(home, run, 'run.json'), 'utf8')) as {
    stateHash: string
  }
  // -S: without numpy, whether it is installed or not.
  const rebuilt = spawnSync('python3', ['-S', script, join(home, `${run}.hiso`)], {
    encoding: 'utf8',
  })
  expect(rebuilt).toMatchObject({ status: 0, stderr: '' })
  expect(rebuilt.stdout).toContain(`state ${stateHash}, recorded`)
}

describe.runIf(hasPython)('a run is rebuilt from the documents, bit for bit, with', () => {
  it.each(Object.entries(onQuadratic))('%s', (name, settings) =>
    isRebuilt('quadratic.json', name, settings),
  )
  it.each(Object.entries(onNetwork))('%s', (name, settings) =>
    isRebuilt('network.json', name, settings),
  )
})
