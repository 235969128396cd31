/**
 * Gradient cases: recurrent layers, which ONNX Runtime knows in float32 only, with their equations
 * in float64.
 */
import { spread, type GradientCase } from './gradientCase.ts'

interface Layer {
  readonly name: string
  readonly operator: 'LSTM' | 'GRU' | 'RNN'
  readonly direction?: 'forward' | 'reverse' | 'bidirectional'
  readonly hasBias?: boolean
  readonly hasState?: boolean
  /** GRU: the reset gate stands behind the matrix, as PyTorch has it. */
  readonly isLinearFirst?: boolean
  /** 0: all states; 1: the last h; 2: the last c. */
  readonly output?: 0 | 1 | 2
}

const [STEPS, ROWS, INPUTS, HIDDEN] = [3, 2, 2, 3]
const gatesOf = { LSTM: 4, GRU: 3, RNN: 1 } as const

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

/** Σ_j matrix[row, j] · vector[j] */
function product(matrix: Float64Array, row: number, vector: Float64Array): number {
  return vector.reduce((sum, it, j) => sum + matrix[row * vector.length + j]! * it, 0)
}

/** One direction of the layer for one row. */
function play(
  { operator, isLinearFirst = false }: Layer,
  x: (step: number) => Float64Array,
  [w, r, b]: readonly [Float64Array, Float64Array, Float64Array],
  [h, c]: readonly [Float64Array, Float64Array],
  order: readonly number[],
) {
  const gates = gatesOf[operator]
  const states = new Map<number, Float64Array>()
  for (const step of order) {
    const before = h
    const fromInput = (unit: number): number => product(w, unit, x(step)) + b[unit]!
    const fromState = (unit: number, of = before): number =>
      product(r, unit, of) + b[gates * HIDDEN + unit]!
    const unit = (gate: number, k: number): number => gate * HIDDEN + k
    const gate = (index: number, k: number): number =>
      fromInput(unit(index, k)) + fromState(unit(index, k))
    if (operator === 'LSTM') {
      c = c.map((it, k) => sigmoid(gate(2, k)) * it + sigmoid(gate(0, k)) * Math.tanh(gate(3, k)))
      h = c.map((it, k) => sigmoid(gate(1, k)) * Math.tanh(it))
    } else if (operator === 'GRU') {
      const reset = before.map((_, k) => sigmoid(gate(1, k)))
      const passed = before.map((it, k) => it * reset[k]!)
      h = before.map((it, k) => {
        const z = sigmoid(gate(0, k))
        const own = unit(2, k)
        const state = isLinearFirst ? reset[k]! * fromState(own) : fromState(own, passed)
        return (1 - z) * Math.tanh(fromInput(own) + state) + z * it
      })
    } else h = before.map((_, k) => Math.tanh(gate(0, k)))
    states.set(step, h)
  }
  return { states, h, c }
}

function referenceOf(layer: Layer) {
  const { operator, direction = 'forward', hasBias, hasState, output = 0 } = layer
  const directions = direction === 'bidirectional' ? 2 : 1
  const gates = gatesOf[operator]
  return (inputs: readonly Float64Array[]): Float64Array => {
    const [x, w, r, b, , h, c] = inputs as Float64Array[]
    const results = new Float64Array((output === 0 ? STEPS : 1) * directions * ROWS * HIDDEN)
    for (let d = 0; d < directions; d++)
      for (let row = 0; row < ROWS; row++) {
        const part = (of: Float64Array, length: number, index: number): Float64Array =>
          of.subarray(index * length, (index + 1) * length)
        const nothing = new Float64Array(2 * gates * HIDDEN)
        const begin = (of: Float64Array | undefined): Float64Array =>
          hasState === true && of !== undefined && of.length > 0
            ? part(of, HIDDEN, d * ROWS + row)
            : nothing.subarray(0, HIDDEN)
        const steps = Array.from({ length: STEPS }, (_, step) => step)
        const isReverse = direction === 'reverse' || d === 1
        const played = play(
          layer,
          (step) => part(x!, INPUTS, step * ROWS + row),
          [
            part(w!, gates * HIDDEN * INPUTS, d),
            part(r!, gates * HIDDEN * HIDDEN, d),
            hasBias === true ? part(b!, 2 * gates * HIDDEN, d) : nothing,
          ],
          [begin(h), begin(c)],
          isReverse ? steps.toReversed() : steps,
        )
        const put = (step: number, values: Float64Array): void =>
          results.set(values, ((step * directions + d) * ROWS + row) * HIDDEN)
        if (output === 0) for (const [step, values] of played.states) put(step, values)
        else put(0, output === 1 ? played.h : played.c)
      }
    return results
  }
}

function caseOf(layer: Layer): GradientCase {
  const { name, operator, direction = 'forward', hasBias, hasState, isLinearFirst, output } = layer
  const directions = direction === 'bidirectional' ? 2 : 1
  const units = gatesOf[operator] * HIDDEN
  const state = spread(directions, ROWS, HIDDEN)
  return {
    name,
    operator,
    inputs: [
      spread(STEPS, ROWS, INPUTS),
      spread(directions, units, INPUTS),
      spread(directions, units, HIDDEN),
      hasBias === true ? spread(directions, 2 * units) : undefined,
      ...(hasState === true ? [undefined, state, ...(operator === 'LSTM' ? [state] : [])] : []),
    ],
    attributes: {
      hidden_size: HIDDEN,
      direction,
      ...(isLinearFirst === true ? { linear_before_reset: 1 } : {}),
    },
    skippedOutputs: output ?? 0,
    reference: referenceOf(layer),
    fixedShapes: true,
  }
}

export const recurrentCases: readonly GradientCase[] = (
  [
    { name: 'without a bias', operator: 'LSTM' },
    {
      name: 'both ways, with a bias and a state',
      operator: 'LSTM',
      direction: 'bidirectional',
      hasBias: true,
      hasState: true,
    },
    { name: 'by its last h', operator: 'LSTM', hasBias: true, output: 1 },
    {
      name: 'by its last c, backwards',
      operator: 'LSTM',
      direction: 'reverse',
      hasBias: true,
      output: 2,
    },
    {
      name: 'as PyTorch has it',
      operator: 'GRU',
      hasBias: true,
      hasState: true,
      isLinearFirst: true,
    },
    {
      name: 'both ways, reset before the matrix',
      operator: 'GRU',
      direction: 'bidirectional',
      hasBias: true,
    },
    { name: 'with a bias', operator: 'RNN', hasBias: true },
    { name: 'by its last h, with a state', operator: 'RNN', hasState: true, output: 1 },
  ] as const satisfies readonly Layer[]
).map(caseOf)
