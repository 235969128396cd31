/** A language task's texts, and the template and tokenizer that turn them into rows of tokens. */
import type { Host } from '../../base/index.ts'
import type { LanguageSettings, SplitSettings } from '../../config/index.ts'
import {
  candidatesOf,
  openSequences,
  openTemplate,
  openTokenizer,
  type SequenceDataset,
  type Template,
  type TextTokenizer,
} from '../../data/index.ts'
import { isEncoder, isOptName } from '../../model/index.ts'
import { namingModelInErrors } from '../modelFile.ts'
import { bundledDecoder, locateDecoder } from './decoder.ts'

/**
 * The bundled model whose tokenizer serves decoders with random weights: any tokenizer would do.
 */
const standInTokenizer = 'opt-mail'

/**
 * The rows of tokens that a language task learns from. @throws HisoError DATA_…, MODEL_NOT_FOUND
 * (no tokenizer)
 */
export async function openLanguageData(
  task: LanguageSettings,
  host: Host,
  split?: SplitSettings,
): Promise<SequenceDataset> {
  const tokenizer = await openTokenizerOf(task, host)
  const { dataset } = await openSequences(task, tokenizer, host, {
    answers: await answersOf(task, host),
    ...(split?.kind === 'column' && { groupColumn: split.column }),
  })
  return dataset
}

/** What tells classes apart: the next token for a decoder, a classifier on top of an encoder. */
export async function answersOf(
  { model }: Pick<LanguageSettings, 'model'>,
  host: Host,
): Promise<'tokens' | 'classes'> {
  if (isOptName(model)) return 'tokens'
  const { file } = await locateDecoder(model, host)
  const bytes = await host.files.read(file)
  return (await namingModelInErrors(file, () => isEncoder(bytes))) ? 'classes' : 'tokens'
}

/**
 * How the task's texts become prompts and tokens. @throws HisoError CONFIG_…, MODEL_NOT_FOUND (no
 * tokenizer)
 */
export async function openTemplateOf(
  task: LanguageSettings,
  host: Host,
): Promise<{ readonly template: Template; readonly tokenizer: TextTokenizer }> {
  return {
    template: await openTemplate(task.template, host.files),
    tokenizer: await openTokenizerOf(task, host),
  }
}

/**
 * The tokens that answer the task's prompts; undefined where answers are texts. @throws HisoError
 * as `openTemplateOf`
 */
export async function candidatesFor(
  task: LanguageSettings,
  host: Host,
): Promise<readonly number[] | undefined> {
  const { template, tokenizer } = await openTemplateOf(task, host)
  if (template.kind !== 'classification') return undefined
  return (await answersOf(task, host)) === 'classes'
    ? [...template.verbalizers.keys()]
    : candidatesOf(template, tokenizer)
}

/** @throws HisoError MODEL_NOT_FOUND, MODEL_INVALID */
export async function openTokenizerOf(task: LanguageSettings, host: Host): Promise<TextTokenizer> {
  const { files } = host
  if (task.tokenizer !== undefined) return openTokenizer(task.tokenizer, files)
  if (isOptName(task.model)) return openTokenizer(bundledDecoder(standInTokenizer, host), files)
  return openTokenizer((await locateDecoder(task.model, host)).folder, files)
}
