/**
 * A device for tests: vectors in ordinary memory behind handles, the arithmetic that every device
 * owes, and a count of what crosses.
 */
import { writeOut, type DeviceVector, type Objective } from '../model/index.ts'

export class DeviceTraffic {
  /** Vectors that are on the device now. */
  held = 0
  /** The most that were there at a time. */
  mostHeld = 0
  /** Vectors sent there. */
  sent = 0
  /** Numbers sent there, of vectors and of factors. */
  numbersSent = 0
}

class Held implements DeviceVector {
  readonly #traffic: DeviceTraffic
  #values: Float32Array | undefined

  constructor(values: Float32Array, traffic: DeviceTraffic) {
    this.#values = values
    this.#traffic = traffic
    traffic.held++
    traffic.mostHeld = Math.max(traffic.mostHeld, traffic.held)
  }

  get values(): Float32Array {
    if (this.#values === undefined) throw new Error('the vector was freed')
    return this.#values
  }

  free(): void {
    // Twice is once too often.
    this.#values = void this.values
    this.#traffic.held--
  }
}

/** The objective with a device beside it, whose losses are those of the objective itself. */
export function onTestDevice(objective: Objective, traffic: DeviceTraffic): Objective {
  const hold = (values: Float32Array) => Promise.resolve(new Held(values, traffic))
  const valuesOf = (vector: DeviceVector) => (vector as Held).values
  const round = Math.fround
  return {
    ...objective,
    device: {
      upload(vector) {
        // As ONNX Runtime does.
        if (vector.buffer instanceof SharedArrayBuffer) throw new Error('memory is shared')
        traffic.sent++
        traffic.numbersSent += vector.length
        return hold(vector.slice())
      },
      expand(layout, factors) {
        traffic.numbersSent += factors.length
        const { start, rows, columns } = layout.parts.at(-1)!
        const zeros = new Float32Array(start + rows * columns)
        return hold(writeOut(layout, zeros, [{ factors, weight: 1 }]))
      },
      download: (vector) => Promise.resolve(valuesOf(vector).slice()),
      perturb(x, z, mu) {
        const direction = valuesOf(z)
        return hold(valuesOf(x).map((xj, j) => xj + round(round(mu) * direction[j]!)))
      },
      descend(x, delta, learningRate, weightDecay) {
        const [rate, decay] = [round(learningRate), round(weightDecay)]
        const slope = valuesOf(delta)
        return hold(
          valuesOf(x).map((xj, j) => xj - round(rate * round(slope[j]! + round(decay * xj)))),
        )
      },
      losses: (params, batches) => objective.losses(valuesOf(params), batches),
      sampleLosses: (params, batches) => objective.sampleLosses(valuesOf(params), batches),
      evaluate: (params, from, to) => objective.evaluate(valuesOf(params), from, to),
    },
  }
}
