/**
 * Encoders: language models that give states instead of the next token's logits. Which output
 * stands for a text is recognised here; what is put on top is `classifierHead.ts`'s business.
 */
import { dimensionsOf, type GraphProto, type ValueInfoProto } from '../../onnx/index.ts'

/** What of an encoder stands for a text. */
export interface EncoderStates {
  readonly output: string
  /** Numbers of a state. */
  readonly width: number
  /** Whether there is one state per token, [rows, length, width], instead of one per row. */
  readonly perToken: boolean
}

const logits = /logit|score/i
/** Of a whole row; the first that a file has. */
const pooled = [/sentence_?embedding/i, /pool/i]
const states = [/last_hidden_state|hidden|token_embedding/i]

/**
 * The states that a text is classified by: those of the whole row where the file has them, else
 * those of the tokens.
 *
 * @param dependents values that depend on the tokens
 * @param widthOf the last dimension of an output, where it can be told
 * @returns undefined for a model with logits, and where no output is called as states are
 */
export function encoderStatesOf(
  graph: GraphProto,
  dependents: ReadonlySet<string>,
  widthOf: (output: ValueInfoProto) => number | undefined,
): EncoderStates | undefined {
  const outputs = graph.output.filter((it) => dependents.has(it.name))
  if (outputs.some((it) => logits.test(it.name))) return undefined
  const find = (patterns: readonly RegExp[], rank: number): EncoderStates | undefined => {
    for (const pattern of patterns)
      for (const output of outputs) {
        if (!pattern.test(output.name) || dimensionsOf(output)?.length !== rank) continue
        const width = widthOf(output)
        if (width !== undefined) return { output: output.name, width, perToken: rank === 3 }
      }
    return undefined
  }
  return find(pooled, 2) ?? find(states, 3)
}
