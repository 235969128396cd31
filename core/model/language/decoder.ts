/**
 * A recognised language model's graph: its inputs, its logits, and the part that each weight
 * belongs to.
 */
import type { GraphFacts, GraphProto, ModelProto, TensorProto } from '../../onnx/index.ts'
import type { EncoderStates } from './encoder.ts'
import type { DecoderInputs } from './languageGraph.ts'

/**
 * The part that a weight plays in the decoder, whatever its exporter called it. Biases have the
 * role of their layer.
 */
export type WeightRole =
  'embedding' | 'position' | 'q' | 'k' | 'v' | 'qkv' | 'o' | 'mlp' | 'norm' | 'head'

/** A learned tensor of a decoder's file. */
export interface DecoderWeight {
  readonly name: string
  readonly shape: readonly number[]
  readonly size: number
  /** undefined if the graph does not show it. */
  readonly role: WeightRole | undefined
  /** Why it can't be trained, if so. */
  readonly obstacle: string | undefined
  readonly tensor: TensorProto
  readonly origin: 'initializer' | 'constant'
}

/** A matrix product of the data with a weight, to which LoRA can add. */
export interface LinearLayer {
  readonly role: WeightRole | undefined
  /** Name of the weight, for people and for LoRA's own names. */
  readonly weight: string
  /** The node's data input. */
  readonly data: string
  readonly output: string
  readonly inputs: number
  readonly outputs: number
}

export interface Decoder {
  readonly model: ModelProto & { readonly graph: GraphProto }
  readonly facts: GraphFacts
  readonly inputs: DecoderInputs
  /** The output with the logits, [rows, length, vocabulary], or with an encoder's states. */
  readonly logits: string
  /** What texts are classified by; undefined for a decoder. */
  readonly states: EncoderStates | undefined
  readonly vocabulary: number
  /** The most tokens of a row; undefined if the file does not say. */
  readonly positions: number | undefined
  readonly weights: readonly DecoderWeight[]
  readonly linears: readonly LinearLayer[]
  /**
   * The content of an initializer; of one without data in the file, as a graph has that we built,
   * it is drawn, into `out` if that is given.
   */
  readonly valuesOf: (tensor: TensorProto, out?: Float32Array) => Float32Array
}
