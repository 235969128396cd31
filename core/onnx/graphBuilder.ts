/**
 * Writes ONNX classifiers layer by layer: a thin, typed front for the file format. It knows
 * operators and shapes. `build.ts` knows which layers make which model, and `promote.ts` adds what
 * training needs (inputs, loss).
 */
import { create } from '@bufbuild/protobuf'
import { ModelProtoSchema, type ModelProto } from './onnx.generated.ts'
import {
  node,
  valueInfo,
  type AttributeValue,
  type NodeProto,
  type TensorProto,
} from './onnxModel.ts'
import { DataType, sizeOf, tensor } from './tensorValues.ts'

/** ONNX 1.12: every recent runtime reads it, and it has all operators that we build. */
const OPSET = 17
const IR_VERSION = 8
/** The symbolic name of the batch dimension. */
export const ROWS = 'rows'

/** A value in the graph and its shape without the batch. */
export interface Value {
  readonly name: string
  readonly shape: readonly number[]
}

/**
 * Draws a weight's initial values: `size` numbers for a layer where each output sees `fanIn`
 * inputs.
 */
export type Initialiser = (size: number, fanIn: number) => Float32Array

export class GraphBuilder {
  readonly #nodes: NodeProto[] = []
  readonly #weights: TensorProto[] = []
  readonly #initialise: Initialiser
  readonly features: Value

  /** @param featureShape of one sample, without the batch */
  constructor(featureShape: readonly number[], initialise: Initialiser) {
    this.#initialise = initialise
    this.features = { name: 'features', shape: featureShape }
  }

  /** y = x Wᵀ + b, with W [units, inputs] and b [units] as PyTorch keeps them; x [inputs]. */
  linear(name: string, x: Value, units: number): Value {
    const inputs = sizeOf(x.shape)
    const weights = this.#weightAndBias(name, [units, inputs], inputs)
    return this.#add('Gemm', name, [x.name, ...weights], [units], { transB: 1 })
  }

  /**
   * 2-d convolution of x [channels, height, width] at stride 1, with W [outputs, channels, kernel,
   * kernel] and b [outputs].
   */
  convolution(name: string, x: Value, outputs: number, kernel: number, padding: number): Value {
    const [channels, height, width] = x.shape as [number, number, number]
    const weights = this.#weightAndBias(
      name,
      [outputs, channels, kernel, kernel],
      channels * kernel * kernel,
    )
    const shape = [outputs, height + 2 * padding - kernel + 1, width + 2 * padding - kernel + 1]
    return this.#add('Conv', name, [x.name, ...weights], shape, {
      kernel_shape: [kernel, kernel],
      pads: [padding, padding, padding, padding],
    })
  }

  relu(name: string, x: Value): Value {
    return this.#add('Relu', name, [x.name], x.shape)
  }

  /** The largest of each 2 × 2 square; drops an odd last row or column. */
  maxPool(name: string, x: Value): Value {
    const [channels, height, width] = x.shape as [number, number, number]
    const shape = [channels, Math.floor(height / 2), Math.floor(width / 2)]
    return this.#add('MaxPool', name, [x.name], shape, { kernel_shape: [2, 2], strides: [2, 2] })
  }

  flatten(name: string, x: Value): Value {
    return x.shape.length === 1
      ? x
      : this.#add('Flatten', name, [x.name], [sizeOf(x.shape)], { axis: 1 })
  }

  /** The whole model, whose only output is `logits` [rows, classes]. */
  finish(name: string, logits: Value): ModelProto {
    const last = this.#nodes.at(-1)
    if (last === undefined) throw new Error('a model without layers')
    last.output[0] = 'logits'
    return create(ModelProtoSchema, {
      irVersion: BigInt(IR_VERSION),
      producerName: 'HiSo Studio',
      opsetImport: [{ domain: '', version: BigInt(OPSET) }],
      graph: {
        name,
        node: this.#nodes,
        initializer: this.#weights,
        input: [valueInfo(this.features.name, DataType.FLOAT, [ROWS, ...this.features.shape])],
        output: [valueInfo('logits', DataType.FLOAT, [ROWS, ...logits.shape])],
      },
    })
  }

  #weightAndBias(name: string, shape: readonly number[], fanIn: number): [string, string] {
    const outputs = shape[0] as number
    const weight = `${name}.weight`
    const bias = `${name}.bias`
    this.#weights.push(tensor(weight, shape, this.#initialise(sizeOf(shape), fanIn)))
    this.#weights.push(tensor(bias, [outputs], this.#initialise(outputs, fanIn)))
    return [weight, bias]
  }

  #add(
    opType: string,
    name: string,
    inputs: readonly string[],
    shape: readonly number[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
  ): Value {
    this.#nodes.push(node(opType, inputs, name, attributes))
    return { name, shape }
  }
}
