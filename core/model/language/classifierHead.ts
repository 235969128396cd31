/**
 * A classifier on top of an encoder: the text's state, brought to a root mean square of 1, times a
 * matrix with a column per class, plus a bias. One learning rate then fits encoders of any scale.
 */
import { HisoError } from '../../base/index.ts'
import { DataType, node, tensor } from '../../onnx/index.ts'
import { RandomStream } from '../../random/index.ts'
import type { Decoder } from './decoder.ts'
import type { EncoderStates } from './encoder.ts'
import type { AddedWeight } from './lora.ts'

/** Standard deviation of the matrix at the start, as BERT's. */
const initialDeviation = 0.02
/** Under the square root, so that a state of zeros stays one. */
const smallestSquare = 1e-12

/** The classifier's matrix [width, classes] and bias [classes]. */
export function classifierWeights(
  { width }: Pick<EncoderStates, 'width'>,
  classes: number,
  seed: number,
  unique: (name: string) => string,
): readonly [AddedWeight, AddedWeight] {
  return [
    {
      name: unique('classifier.weight'),
      shape: [width, classes],
      size: width * classes,
      fill(out) {
        const stream = new RandomStream(seed, 'initialisation', 0, 2)
        for (let i = 0; i < out.length; i++) out[i] = initialDeviation * stream.normal()
      },
    },
    {
      name: unique('classifier.bias'),
      shape: [classes],
      size: classes,
      fill: (out) => void out.fill(0),
    },
  ]
}

/**
 * Writes the classifier behind the encoder, from operators that all operator sets have alike.
 *
 * @throws HisoError MODEL_UNSUPPORTED for states of tokens without a mask to average them by
 */
export function addClassifier(
  { model: { graph }, inputs }: Decoder,
  { output, width, perToken }: EncoderStates,
  [matrix, bias]: readonly [matrix: string, bias: string],
  unique: (name: string) => string,
): string {
  const add = (
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, number>> = {},
  ): string => {
    const name = unique(`classifier/${op}`)
    graph.node.push(node(op, inputs, name, attributes))
    return name
  }
  const constant = (
    name: string,
    shape: readonly number[],
    values: Float32Array | BigInt64Array,
  ) => {
    const own = unique(`classifier/${name}`)
    graph.initializer.push(tensor(own, shape, values))
    return own
  }
  const reshape = (value: string, ...shape: readonly number[]) =>
    add('Reshape', [value, constant('shape', [shape.length], BigInt64Array.from(shape, BigInt))])

  const meanOfTokens = (): string => {
    if (inputs.attention === undefined)
      throw new HisoError('MODEL_UNSUPPORTED', {
        where: 'task.model',
        what: 'the encoder gives one state per token, and has no attention_mask that says which are padding',
        remedy: 'Export it with an attention_mask, or with a pooled output (pooler_output)',
      })
    const mask = add('Cast', [inputs.attention], { to: DataType.FLOAT })
    const row = reshape(mask, 0, 1, -1)
    const sum = reshape(add('MatMul', [row, output]), -1, width)
    const count = reshape(add('MatMul', [row, reshape(mask, 0, -1, 1)]), -1, 1)
    return add('Div', [sum, count])
  }
  const state = perToken ? meanOfTokens() : output
  const share = new Float32Array(width).fill(1 / width)
  const square = add('MatMul', [add('Mul', [state, state]), constant('share', [width, 1], share)])
  const least = constant('least', [], Float32Array.of(smallestSquare))
  const length = add('Sqrt', [add('Add', [square, least])])
  const product = add('MatMul', [add('Div', [state, length]), matrix])
  return add('Add', [product, bias])
}

/**
 * The logits of the rows that picks lie in.
 * @param picks name of an int64 [picks], places in rows · length
 */
export function pickRows(
  { model: { graph }, inputs }: Decoder,
  logits: string,
  picks: string,
  unique: (name: string) => string,
): string {
  const [shape, second, length, rows, picked] = [
    'shape',
    'second',
    'length',
    'rows',
    'picked_logits',
  ].map((it) => unique(`classifier/${it}`)) as [string, string, string, string, string]
  graph.initializer.push(tensor(second, [], BigInt64Array.of(1n)))
  graph.node.push(
    node('Shape', [inputs.tokens], shape),
    node('Gather', [shape, second], length, { axis: 0 }),
    node('Div', [picks, length], rows),
    node('Gather', [logits, rows], picked, { axis: 0 }),
  )
  return picked
}
