/**
 * Unrolls recurrent layers step by step, in operators that have gradient rules: LSTM, GRU and RNN
 * over a known number of steps.
 *
 * @see https://onnx.ai/onnx/operators/onnx__LSTM.html, onnx__GRU.html, onnx__RNN.html
 */
import { own } from '../../base/index.ts'
import { create } from '@bufbuild/protobuf'
import { dependentsOf } from '../graphFacts.ts'
import { NodeProtoSchema } from '../onnx.generated.ts'
import type { GraphProto, NodeProto } from '../onnxModel.ts'
import { hasAttribute, integerOf, stringOf, stringsOf } from './attributes.ts'
import { GraphWriter } from './graphWriter.ts'
import { unknownGradient } from './refusal.ts'

/** What a layer carries from step to step: h, and c for an LSTM. */
type State = readonly [h: string, c?: string]

/** One direction of a layer. */
interface Direction {
  /** x·Wᵀ + its part of the bias, [steps, rows, gates · hidden]. */
  readonly fromInput: string
  /** Rᵀ, [hidden, gates · hidden] */
  readonly recurrent: string
  /** The bias beside h·Rᵀ, [gates · hidden]; empty if there is none. */
  readonly bias: string
}

interface Cell {
  readonly gates: number
  readonly activations: readonly string[]
  /**
   * One step: from the gates' inputs from x, [rows, gates · hidden], and the previous state to the
   * next state.
   */
  step(x: string, state: State, own: Direction, node: NodeProto, w: GraphWriter): State
}

const cells: Readonly<Record<string, Cell>> = {
  // i, o, f, c̃: c = σ(f)·c + σ(i)·tanh(c̃), h = σ(o)·tanh(c).
  LSTM: {
    gates: 4,
    activations: ['Sigmoid', 'Tanh', 'Tanh'],
    step(x, [h, c = ''], own, _, w) {
      const [i, o, f, candidate] = parts(w.add2(x, ofState(h, own, w)), 4, w)
      const kept = w.mul(w.add('Sigmoid', [f!]), c)
      const added = w.mul(w.add('Sigmoid', [i!]), w.add('Tanh', [candidate!]))
      const next = w.add2(kept, added)
      return [w.mul(w.add('Sigmoid', [o!]), w.add('Tanh', [next])), next]
    },
  },
  // z, r, h̃: h = (1 − σ(z))·h̃ + σ(z)·h = h̃ + σ(z)·(h − h̃).
  GRU: {
    gates: 3,
    activations: ['Sigmoid', 'Tanh'],
    step(x, [h], own, node, w) {
      const [xz, xr, xh] = parts(x, 3, w)
      const [hz, hr, hh] = parts(ofState(h, own, w), 3, w)
      const [z, r] = [w.add2(xz!, hz!), w.add2(xr!, hr!)].map((it) => w.add('Sigmoid', [it]))
      const state =
        integerOf(node, 'linear_before_reset', 0) === 1
          ? w.mul(r!, hh!)
          : parts(ofState(w.mul(r!, h), own, w), 3, w)[2]!
      const candidate = w.add('Tanh', [w.add2(xh!, state)])
      return [w.add2(candidate, w.mul(z!, w.sub(h, candidate)))]
    },
  },
  RNN: {
    gates: 1,
    activations: ['Tanh'],
    step(x, [h], own, _, w) {
      return [w.add('Tanh', [w.add2(x, ofState(h, own, w))])]
    },
  },
}

/** h·Rᵀ and the bias beside it. */
function ofState(h: string, { recurrent, bias }: Direction, w: GraphWriter): string {
  const product = w.matMul(h, recurrent)
  return bias === '' ? product : w.add2(product, bias)
}

function parts(a: string, count: number, w: GraphWriter): readonly string[] {
  return w.addMany('Split', [a], count, { axis: -1, num_outputs: count })
}

/**
 * @param graph changed in place: recurrent layers that depend on the trainables are replaced
 * @throws HisoError MODEL_UNSUPPORTED for a layer of another form, or of an unknown number of steps
 */
export function unrollRecurrent(graph: GraphProto, trainables: readonly string[]): void {
  if (!graph.node.some(({ opType }) => opType in cells)) return
  const active = dependentsOf(graph, ...trainables)
  const nodes = graph.node
  graph.node = []
  const w = new GraphWriter(graph, nodes)
  for (const node of nodes) {
    const cell = node.domain === '' ? own(cells, node.opType) : undefined
    if (cell !== undefined && node.output.some((it) => active.has(it))) unroll(node, cell, w)
    else {
      graph.node.push(node)
      w.facts.learn(node)
    }
  }
}

function unroll(node: NodeProto, cell: Cell, w: GraphWriter): void {
  refuseOtherForms(node, cell)
  const [x = ''] = node.input
  const steps = w.shapeWithin(x, node)[0]
  if (typeof steps !== 'number')
    throw unknownGradient(
      node,
      'over an unknown number of steps',
      'Export the model with a fixed length of its sequences',
    )
  const direction = stringOf(node, 'direction', 'forward')
  const directions = direction === 'bidirectional' ? 2 : 1
  const played = Array.from({ length: directions }, (_, index) =>
    playDirection(node, cell, steps, index, index === 1 || direction === 'reverse', w),
  )
  const stacked = (values: readonly string[], axis: number): string => {
    const wide = values.map((it) => w.add('Unsqueeze', [it, w.integers([axis])]))
    return wide.length === 1 ? wide[0]! : w.add('Concat', wide, { axis })
  }
  const all = played.map(({ states }) => stacked(states, 0))
  const outputs = [
    () => stacked(all, 1),
    () =>
      stacked(
        played.map(({ last: [h] }) => h),
        0,
      ),
    () =>
      stacked(
        played.map(({ last: [, c = ''] }) => c),
        0,
      ),
  ]
  node.output.forEach((name, index) => {
    if (name === '') return
    const copy = create(NodeProtoSchema, {
      opType: 'Identity',
      name: `${node.name}/unrolled_${index}`,
      input: [outputs[index]!()],
      output: [name],
    })
    w.graph.node.push(copy)
    w.facts.learn(copy)
  })
}

function playDirection(
  node: NodeProto,
  cell: Cell,
  steps: number,
  index: number,
  isReverse: boolean,
  w: GraphWriter,
): { readonly states: readonly string[]; readonly last: State } {
  const [x = '', weight = '', recurrent = '', bias = '', , h = '', c = ''] = node.input
  const own = (of: string): string => w.add('Gather', [of, w.integers([index], true)], { axis: 0 })
  const hidden = integerOf(node, 'hidden_size', 0)
  const beginning = (given: string): string =>
    given === '' ? w.zeros(w.shape(w.shapeOf(x, 1, 2), [hidden]), x) : own(given)
  const [ofInput = '', beside = ''] = bias === '' ? [] : parts(own(bias), 2, w)
  const product = w.matMul(x, w.transpose(own(weight), [1, 0]))
  const direction: Direction = {
    fromInput: ofInput === '' ? product : w.add2(product, ofInput),
    recurrent: w.transpose(own(recurrent), [1, 0]),
    bias: beside,
  }
  const inputs = w.addMany('Split', [direction.fromInput], steps, { axis: 0, num_outputs: steps })
  const states = new Array<string>(steps)
  let state: State = node.opType === 'LSTM' ? [beginning(h), beginning(c)] : [beginning(h)]
  for (let step = 0; step < steps; step++) {
    const at = isReverse ? steps - 1 - step : step
    const input = w.add('Squeeze', [inputs[at]!, w.integers([0])])
    state = cell.step(input, state, direction, node, w)
    states[at] = state[0]
  }
  return { states, last: state }
}

function refuseOtherForms(node: NodeProto, { activations }: Cell): void {
  const refuse = (how: string): never => {
    throw unknownGradient(node, how, 'Export it as PyTorch does')
  }
  const [, , , , lengths = '', , , peepholes = ''] = node.input
  const own = stringsOf(node, 'activations')
  if (own !== undefined && own.some((it, i) => it !== activations[i % activations.length]))
    refuse(`with the activations ${own.join(', ')}`)
  if (lengths !== '') refuse('with sequences of their own lengths')
  if (peepholes !== '') refuse('with peepholes')
  if (hasAttribute(node, 'clip')) refuse('with clipped gates')
  if (integerOf(node, 'layout', 0) === 1) refuse('with rows before steps (layout 1)')
  if (integerOf(node, 'input_forget', 0) === 1) refuse('with coupled gates (input_forget)')
}
