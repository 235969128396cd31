/**
 * What a decoder of one's own is - what it takes, its weights by role, its tokenizer - and what
 * training it would train.
 */
import { HisoError, messageOf, type Host } from '../../base/index.ts'
import type { TrainableSetSettings } from '../../config/index.ts'
import { checkFits, planDecoder, type DecoderInputs, type WeightRole } from '../../model/index.ts'
import { locateDecoder, openDecoder } from './decoder.ts'
import { languageTask } from './settings.ts'
import { openTokenizerOf } from './texts.ts'

export interface DecoderDescription {
  /** The ONNX file. */
  readonly file: string
  readonly inputs: DecoderInputs
  /** The output with the logits. */
  readonly logits: string
  /** Tokens that it knows. */
  readonly vocabulary: number
  /** The most tokens of a row; undefined if the file does not say. */
  readonly positions: number | undefined
  readonly weights: readonly DescribedWeight[]
  /** In full and with LoRA as a config has it that says nothing else. */
  readonly sets: readonly DescribedSet[]
  /** Its tokens, or why there are none that the model could read. */
  readonly tokenizer: { readonly vocabulary: number } | { readonly problem: string }
}

interface DescribedWeight {
  readonly name: string
  readonly shape: readonly number[]
  /** Its numbers. */
  readonly size: number
  /** undefined if the graph does not show it. */
  readonly role: WeightRole | undefined
  /** Why it can't be trained itself, if so. */
  readonly obstacle: string | undefined
}

export interface DescribedSet {
  readonly trainables: TrainableSetSettings
  /** d, or why this can't be trained. */
  readonly dim: number | { readonly problem: string }
}

/**
 * @param model as `task.model`
 * @throws HisoError MODEL_…, HUB_NOT_DOWNLOADED
 */
export async function describeDecoder(model: string, host: Host): Promise<DecoderDescription> {
  const task = languageTask(model, 'lora')
  const { file } = await locateDecoder(model, host)
  const decoder = await openDecoder(model, 0, host)
  const { inputs, logits, vocabulary, positions } = decoder
  const weights = decoder.weights.map(({ name, shape, size, role, obstacle }) => ({
    ...{ name, shape, size, role, obstacle },
  }))
  const sets: DescribedSet[] = []
  for (const kind of ['full', 'lora'] as const) {
    const { trainables } = languageTask(model, kind)
    sets.push({ trainables, dim: await plannedDim(model, trainables, host) })
  }
  const tokenizer = await tellingProblem(async () => {
    const opened = await openTokenizerOf(task, host)
    checkFits(decoder, { vocabulary: opened.vocabulary, longest: 0 })
    return { vocabulary: opened.vocabulary }
  })
  return { file, inputs, logits, vocabulary, positions, weights, sets, tokenizer }
}

/** Opened anew each time: planning uses a decoder up. */
function plannedDim(
  model: string,
  trainables: TrainableSetSettings,
  host: Host,
): Promise<DescribedSet['dim']> {
  return tellingProblem(async () => {
    return planDecoder(await openDecoder(model, 0, host), { trainables, seed: 0 }).dim
  })
}

async function tellingProblem<T>(ask: () => Promise<T>): Promise<T | { readonly problem: string }> {
  try {
    return await ask()
  } catch (thrown) {
    if (!(thrown instanceof HisoError)) throw thrown
    return { problem: messageOf(thrown) }
  }
}
