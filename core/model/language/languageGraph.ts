/**
 * A language model in the shape that training by forward passes needs: trainable tensors are
 * inputs, and the cost of predicting chosen tokens is an output. `trainDecoder.ts` makes it from
 * any decoder.
 */
import type { Trainable } from '../trainableGraph.ts'
import type { NamedTensor } from './graphRunner.ts'

/** The cache of an exporter that requires one: fed empty, float32 [rows, heads, 0, headSize]. */
export interface PastInput {
  readonly name: string
  readonly heads: number
  readonly headSize: number
}

/** How a decoder takes its tokens. Each is int64 [rows, length]. */
export interface DecoderInputs {
  readonly tokens: string
  /** 1 for tokens, 0 for padding. */
  readonly attention: string | undefined
  /** 0 for a row's first token. */
  readonly positions: string | undefined
  /** Fed with zeros. */
  readonly types: string | undefined
  readonly past: readonly PastInput[]
}

export interface LanguageGraph {
  /**
   * The serialized ONNX model. Inputs: those below, `picks`, `targets`, then held tensors and
   * trainables; outputs: losses, logits.
   */
  readonly bytes: Uint8Array
  readonly inputs: DecoderInputs
  /**
   * Input naming the places whose next token is predicted, int64 [picks]: row · length + column.
   */
  readonly picks: string
  /**
   * Input with the correct tokens, int64 [picks]: an index into the candidates, or a token if there
   * are none.
   */
  readonly targets: string
  /** Output: the cross-entropy of each pick, float32 [picks]. */
  readonly losses: string
  /** Output, float32 [picks, candidates or vocabulary]. */
  readonly logits: string
  readonly vocabulary: number
  /** The most tokens of a row; undefined if the file does not say. */
  readonly positions: number | undefined
  /** The tokens among which the model chooses its answer; undefined if answers are texts. */
  readonly candidates: readonly number[] | undefined
  /** Float32 tensors that are not trained and too large for the file: sent with every run. */
  readonly held: Readonly<Record<string, NamedTensor>>
  readonly trainables: readonly Trainable[]
  /** d, the sum of the trainables' sizes. */
  readonly dim: number
  /**
   * x_0, float32[d], written to `out` or to a fresh vector; not kept, as it may be as large as the
   * model.
   */
  initialParams(out?: Float32Array): Float32Array
  /** The same, tensor by tensor: for those who need not hold all of them. */
  initialTensors(): Iterable<Float32Array>
}

/** What of a graph may stay on a device while minibatches change. */
export type ResidentTensors = Pick<LanguageGraph, 'held' | 'trainables' | 'dim'>
