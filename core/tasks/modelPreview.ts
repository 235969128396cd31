/** What a config's model will be, before anything is trained. */
import type { WeightRole } from '../model/index.ts'

export interface ModelPreview {
  /** d */
  readonly dim: number
  readonly trainables: readonly {
    readonly name: string
    readonly shape: readonly number[]
    /**
     * What it is to a decoder, or which layer it stands beside; undefined where the graph does not
     * show it.
     */
    readonly role?: WeightRole
  }[]
  /** What people may want to know of it. */
  readonly information?: readonly string[]
  /** How the model was understood where that asks for a look. */
  readonly notices: readonly string[]
  /** Only of a language model. */
  readonly decoder?: DecoderPreview
}

export interface DecoderPreview {
  /** Tokens that it knows. */
  readonly vocabulary: number
  /** The most tokens of a row; undefined if the file does not say. */
  readonly positions: number | undefined
  /** Its weights by what they are for, in the order in which they first appear. */
  readonly parts: readonly DecoderPart[]
}

export interface DecoderPart {
  /** undefined for weights that the graph does not show a role of. */
  readonly role: WeightRole | undefined
  readonly weights: number
  /** Their numbers altogether. */
  readonly size: number
  /** Why they can't be trained themselves, if so. */
  readonly obstacle?: string
  /** Whether LoRA can stand beside them. */
  readonly isLinear: boolean
}
