/** The analytic quadratic: a formula with known curvature, without data or inference runtime. */
import { HisoError, type Host } from '../../base/index.ts'
import { taskFacts, type QuadraticSettings } from '../../config/index.ts'
import { createQuadraticObjective, quadraticSpectrum } from '../../model/index.ts'
import type { OpenedSurface } from '../openedSurface.ts'
import type { Task } from '../task.ts'

export const quadratic: Task<'quadratic'> = {
  facts: taskFacts.quadratic,
  open({ task, seed }, host) {
    return Promise.resolve({
      objective: createQuadraticObjective(task, seed),
      trainables: [tensorOf(task)],
      fingerprints: { model: fingerprintOf(task, host) },
      graphBytes: 0,
      provider: undefined,
      layout: undefined,
      notices: [],
    })
  },
  preview: {
    model: ({ task }) =>
      Promise.resolve({ dim: task.dim, trainables: [tensorOf(task)], notices: [] }),
  },
  loss: ({ task }, _samples, host) => Promise.resolve(surfaceOf(task, host)),
  surface: ({ task }, _samples, host) => Promise.resolve(surfaceOf(task, host)),
  baseModel: () =>
    Promise.reject(
      new HisoError('MODEL_UNSUPPORTED', {
        where: 'task.kind',
        what: 'a quadratic objective is a formula, there is no model to write',
        remedy: 'Its numbers can be had where the run is: hiso export RUN --format csv, or json',
      }),
    ),
  lossSize: ({ dim }) => dim,
}

const tensorOf = ({ dim }: QuadraticSettings) => ({ name: 'x', shape: [dim] })

/** f(x) = ½ Σ λ_j x_j², the mean over infinitely many clients. */
function surfaceOf(task: QuadraticSettings, host: Host): OpenedSurface {
  const { dim } = task
  const lambda = quadraticSpectrum(task.spectrum, dim)
  const lossOf = (x: Float32Array) => {
    let sum = 0
    for (let j = 0; j < dim; j++) sum += lambda[j]! * x[j]! * x[j]!
    return sum / 2
  }
  return {
    surface: {
      dim,
      closedDiagonal: lambda,
      product(_, v, out) {
        for (let j = 0; j < dim; j++) out[j] = lambda[j]! * v[j]!
        return Promise.resolve()
      },
      loss: (x) => Promise.resolve(lossOf(x)),
      gradient(x, out) {
        for (let j = 0; j < dim; j++) out[j] = lambda[j]! * x[j]!
        return Promise.resolve(lossOf(x))
      },
    },
    initialParams: new Float32Array(dim).fill(1),
    tensors: [tensorOf(task)],
    samples: undefined,
    fingerprints: { model: fingerprintOf(task, host) },
    release: () => Promise.resolve(),
  }
}

/** SHA-256 of the formula's settings. */
function fingerprintOf(task: QuadraticSettings, host: Host): string {
  return host
    .sha256()
    .update(encoder.encode(JSON.stringify(task)))
    .hex()
}

const encoder = new TextEncoder()
