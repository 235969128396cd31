/** A language task's texts, and the template and tokenizer that turn them into rows of tokens. */
import type { Host } from '../../base/index.ts'
import type { LanguageSettings } from '../../config/index.ts'
import {
  candidatesOf,
  openSequences,
  openTemplate,
  openTokenizer,
  type SequenceDataset,
  type Template,
  type TextTokenizer,
} from '../../data/index.ts'
import { isOptName } from '../../model/index.ts'
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
): Promise<SequenceDataset> {
  return (await openSequences(task, await openTokenizerOf(task, host), host)).dataset
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
  return template.kind === 'classification' ? candidatesOf(template, tokenizer) : undefined
}

/** @throws HisoError MODEL_NOT_FOUND, MODEL_INVALID */
export async function openTokenizerOf(task: LanguageSettings, host: Host): Promise<TextTokenizer> {
  const { files } = host
  if (task.tokenizer !== undefined) return openTokenizer(task.tokenizer, files)
  if (isOptName(task.model)) return openTokenizer(bundledDecoder(standInTokenizer, host), files)
  return openTokenizer((await locateDecoder(task.model, host)).folder, files)
}
