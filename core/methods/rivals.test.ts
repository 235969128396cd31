/** What is particular to each rival, beside the contract that all methods hold to. */
import { describe, expect, test } from 'vitest'
import { checkRunConfig, overrideConfig } from '../config/index.ts'
import { createFederation, quadraticConfig } from '../testing/federation.ts'
import { coneOf } from './cone.ts'
import { byDeviation } from './scaling.ts'

const play = async (...settings: readonly string[]) => {
  const federation = createFederation(quadraticConfig(...settings))
  await federation.play()
  return federation
}
const stateOf = (federation: Awaited<ReturnType<typeof play>>) =>
  federation.pool.first(async (worker) => [await worker.params(), await worker.hessian()] as const)

describe('FZOO', () => {
  test('steps the same whatever unit the loss is in', () => {
    const scaling = byDeviation(0.01)
    const scalars = Float32Array.of(1, -2, 4, 0.5)
    const tenfold = scalars.map((scalar) => 10 * scalar)
    expect(scaling.scale(tenfold)).toEqual(scaling.scale(scalars))
  })

  test('divides by the deviation of the losses, and by nothing where there is none', () => {
    const mu = 0.5
    const scalars = Float32Array.of(1, 3)
    // The losses differ by μ(3 − 1) = 1, so that σ = √½.
    const [first, second] = byDeviation(mu).scale(scalars)
    expect(first).toBeCloseTo(Math.SQRT2, 6)
    expect(second).toBeCloseTo(3 * Math.SQRT2, 6)
    expect([...byDeviation(mu).scale(Float32Array.of(2, 2, 2))]).toEqual([0, 0, 0])
  })
})

describe('ConMeZO', () => {
  test('directions keep the length √d and the angle to the velocity', () => {
    const [angle, dim] = [0.7, 10_000]
    const velocity = new Float32Array(dim).fill(0)
    velocity[0] = 3
    const { weight, share } = coneOf(angle).lean(velocity)!
    expect(weight * 3).toBeCloseTo(Math.sqrt(dim) * Math.cos(angle), 9)
    expect(share).toBeCloseTo(Math.sin(angle), 12)
  })

  test('leans nowhere while nothing has been learned', () => {
    expect(coneOf(0.7).lean(new Float32Array(5))).toBeUndefined()
  })
})

describe('masks', () => {
  test('Sparse MeZO never moves a weight that is larger than its threshold', async () => {
    const settings = ['method.name=sparse-mezo', 'method.trainedShare=0.5', 'federation.rounds=1']
    const [params, hessian] = await stateOf(await play(...settings))
    // x_0 = 1 everywhere, which is the threshold: what has grown is still from now on.
    expect(params.some((x) => x > 1)).toBe(true)
    expect(params.some((x) => x < 1)).toBe(true)
    for (const [i, x] of params.entries()) expect(hessian[i]).toBe(x > 1 ? Infinity : 1)
    const [later] = await stateOf(await play(...settings.slice(0, 2), 'federation.rounds=5'))
    for (const [i, h] of hessian.entries()) if (h === Infinity) expect(later[i]).toBe(params[i])
  })

  test('MEERKAT trains the share that its warm-up chose, and nothing else', async () => {
    const share = 0.1
    const federation = await play(
      'method.name=meerkat',
      `method.trainedShare=${share}`,
      'method.maskRounds=10',
      'method.perturbations=16',
    )
    const [params, hessian] = await stateOf(federation)
    const trained = [...hessian.keys()].filter((i) => hessian[i] === 1)
    expect(trained).toHaveLength(Math.round(share * params.length))
    for (const [i, x] of params.entries()) expect(x === 1).toBe(!trained.includes(i))
    // The steepest coordinates of the power law come first.
    expect(trained.filter((i) => i < 20).length).toBeGreaterThan(trained.length / 2)
  })
})

describe('what is refused', () => {
  const at = (name: string, ...settings: readonly string[]) => {
    const result = checkRunConfig(
      overrideConfig(quadraticConfig(), [`method.name=${name}`, ...settings]),
    )
    return 'issues' in result ? result.issues.map(({ path, message }) => `${path} ${message}`) : []
  }

  test.each(['hiso', 'hiso-implicit', 'hiso-paramwise', 'sparse-mezo', 'meerkat', 'fedzo'])(
    'low-rank directions for %s, which makes more of them than noise',
    (name) => {
      expect(at(name, 'method.distribution=low-rank')[0]).toMatch(
        /method.distribution must be gaussian, rademacher or sphere for .*only directions that are/,
      )
    },
  )

  test.each([
    ['decomfl', 'method.rank=0', /method.rank must be at least 1/],
    ['fzoo', 'method.perturbations=1', /method.perturbations must be at least 2/],
    ['conmezo', 'method.coneAngle=1.6', /method.coneAngle must be at most 1.57/],
    ['conmezo', 'method.coneAngle=0', /method.coneAngle must be more than 0/],
    ['conmezo', 'method.orthogonal=true', /method.orthogonal must be false/],
    ['sparse-mezo', 'method.trainedShare=0', /method.trainedShare must be more than 0/],
    ['meerkat', 'method.maskRounds=0', /method.maskRounds must be at least 1/],
    ['fzoo', 'method.step=implicit', /method.step must be explicit/],
  ])('%s with %s', (name, setting, message) => {
    expect(at(name, setting)[0]).toMatch(message)
  })

  test.each(['shape=row', 'debias=true', 'biasCorrection=true', 'estimate=second-difference'])(
    'HiSo that draws again with hessian.%s',
    (setting) => {
      const issues = at('hiso', 'method.hessian.redraw=true', `method.hessian.${setting}`)
      expect(issues[0]).toMatch(/with method.hessian.redraw=true/)
    },
  )

  test('low-rank directions on a task without matrices', () => {
    const settings = ['method.name=decomfl', 'method.distribution=low-rank', 'task.dim=20']
    expect(() => createFederation(quadraticConfig(...settings))).toThrow(
      /method.distribution: low-rank directions need a matrix/,
    )
  })
})
