/**
 * Methods that move whole models, through the program: real gradients, a killed process, and models
 * that have no gradient.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { methodTitle } from '../core/config/index.ts'
import { node } from '../core/onnx/onnxModel.ts'
import { smallModel } from '../core/testing/smallModel.ts'
import { hiso, HisoProcess } from './testing/hisoProcess.ts'

let home: string

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'hiso-vectors-'))
  writeFileSync(join(home, 'flowers.csv'), flowers(120))
  writeFileSync(join(home, 'mine.onnx'), smallModel())
  writeFileSync(
    join(home, 'normalised.onnx'),
    smallModel(({ graph }) => {
      graph!.node = [
        node('MatMul', ['x', 'w'], 'score'),
        node('LpNormalization', ['score'], 'output'),
      ]
    }),
  )
  const federation = { clients: 4, participants: 3, localSteps: 2, rounds: 8, batchSize: 8 }
  for (const model of ['mlp', 'mine.onnx', 'normalised.onnx'])
    writeFileSync(
      join(home, `${model}.json`),
      JSON.stringify({
        name: model,
        task: { dataset: 'flowers.csv', model, ...(model === 'mlp' ? { hidden: [5] } : {}) },
        federation,
        method: { name: 'fedavg' },
        evaluation: { every: 1 },
        compute: { workers: 1 },
      }),
    )
  writeFileSync(
    join(home, 'long.json'),
    JSON.stringify({
      name: 'long',
      task: { kind: 'quadratic', dim: 50, heterogeneity: 0.1, gradientNoise: 0.01 },
      federation: { ...federation, rounds: 1000, dropout: 0.2 },
      method: { name: 'fedavg', learningRate: 0.01 },
    }),
  )
})

afterAll(() => rmSync(home, { recursive: true, force: true }))

/** Six features in [−1, 1]; the class is which of the first three is largest. */
function flowers(count: number): string {
  const rows = Array.from({ length: count }, (_, i) => {
    const features = Array.from(
      { length: 6 },
      (_, j) => ((37 * i + 29 * j * (i + 1)) % 101) / 50 - 1,
    )
    const first = features.slice(0, 3)
    return `${features.join()},${'abc'[first.indexOf(Math.max(...first))]}`
  })
  return `p,q,r,s,t,u,class\n${rows.join('\n')}\n`
}

const hashOf = (run: string) =>
  (JSON.parse(readFileSync(join(home, run, 'run.json'), 'utf8')) as { stateHash: string }).stateHash

function testLosses(run: string): number[] {
  const [header, ...rows] = readFileSync(join(home, run, 'metrics.csv'), 'utf8')
    .trim()
    .split('\n')
  const column = header!.split(',').indexOf('testLoss')
  return rows.map((row) => Number(row.split(',')[column]))
}

describe.each(['fedavg', 'scaffold', 'fedadam', 'fedzo'] as const)('%s on ONNX models', (name) => {
  it.each(['mlp', 'mine.onnx'])(
    'learns %s, in the same bits for 1 and 2 workers, and is verified from its log',
    async (model) => {
      const play = (out: string, ...more: readonly string[]) =>
        hiso(home, 'run', `${model}.json`, '--set', `method.name=${name}`, ...more, '--out', out)
      const one = `${name}-${model}`
      expect(await play(one)).toMatchObject({ code: 0, stderr: '' })
      const two = await play(`${one}-2`, '--set', 'compute.workers=2')
      expect(two).toMatchObject({ code: 0, stderr: '' })
      expect(two.stdout).toMatch(/2 workers on cpu/)
      expect(hashOf(`${one}-2`)).toBe(hashOf(one))
      const losses = testLosses(one)
      expect(losses.at(-1)).toBeLessThan(losses[0]!)
      expect(await hiso(home, 'replay', one, '--verify')).toMatchObject({ code: 0 })
    },
  )
})

describe('an operator without a gradient', () => {
  it.each(['fedavg', 'scaffold'])(
    'keeps %s from starting, by name and with a way out',
    async (name) => {
      const args = [
        'run',
        'normalised.onnx.json',
        '--set',
        `method.name=${name}`,
        '--out',
        `no-${name}`,
      ]
      const { code, stderr } = await hiso(home, ...args)
      expect(code).toBe(3)
      expect(stderr).toMatch(
        /^error MODEL_UNSUPPORTED: .*normalised\.onnx.*operator LpNormalization/,
      )
      expect(stderr).toMatch(/zeroth-order method \(hiso, decomfl\)/)
    },
  )

  it.each(['hiso', 'fedzo'])('is no matter to %s, which needs losses only', async (name) => {
    const args = [
      'run',
      'normalised.onnx.json',
      '--set',
      `method.name=${name}`,
      '--out',
      `yes-${name}`,
    ]
    expect(await hiso(home, ...args)).toMatchObject({ code: 0, stderr: '' })
  })
})

describe('killed by kill -9', () => {
  it.each(['fedavg', 'scaffold', 'fedadam'] as const)(
    '%s goes on to the bits of a run that never stopped',
    async (name) => {
      const args = ['run', 'long.json', '--set', `method.name=${name}`, '--out']
      expect(await hiso(home, ...args, `${name}-whole`)).toMatchObject({ code: 0 })
      const run = new HisoProcess(home, [...args, `${name}-killed`, '--json'])
      await run.lineWith('"round":20,')
      run.signal('SIGKILL')
      expect((await run.drain()).signal).toBe('SIGKILL')
      const { code, stdout } = await hiso(home, 'resume', `${name}-killed`)
      expect(code).toBe(0)
      expect(stdout).toContain(`with ${methodTitle(name)}, from round `)
      expect(hashOf(`${name}-killed`)).toBe(hashOf(`${name}-whole`))
    },
  )
})

describe('hiso run --methods hiso,fedavg', () => {
  it('plays each with its own settings and compares them afterwards', async () => {
    const { code, stdout } = await hiso(
      home,
      ...['run', 'mlp.json', '--methods', 'hiso,fedavg', '--out', 'both'],
      ...['--set', 'method.learningRate=0.01', '--set', 'fedavg:method.learningRate=0.1'],
      ...['--set', 'fedavg:federation.localSteps=5'],
    )
    expect(code).toBe(0)
    const config = (method: string) =>
      readFileSync(join(home, 'both', method, 'config.yaml'), 'utf8')
    expect(config('hiso')).toMatch(/localSteps: 2\n/)
    expect(config('hiso')).toMatch(/learningRate: 0.01\n/)
    expect(config('fedavg')).toMatch(/localSteps: 5\n/)
    expect(config('fedavg')).toMatch(/learningRate: 0.1\n/)
    expect(stdout).toMatch(/HiSo.*FedAvg/s)
    const replayed = await hiso(home, 'replay', 'both/fedavg', '--verify')
    expect(replayed.stdout).toContain('the log of 8 rounds gives the recorded state')
  })
})
