/**
 * What a trained language model is told and what its answers mean, for the files that it is
 * exported as: without these a stranger could not use it.
 */
import type { Host } from '../../base/index.ts'
import type { LanguageSettings } from '../../config/index.ts'
import { CLASSES_KEY } from '../../model/index.ts'
import { answersOf, candidatesFor, openTemplateOf } from './texts.ts'

export interface ModelUsage {
  /** Text with {fields}. */
  readonly prompt: string
  /** In the order of the logits of a classifier; of a generating model none. */
  readonly answers: readonly ClassAnswer[]
  /** Whether a classifier on top of an encoder tells the answers apart, or the next token. */
  readonly isClassifier: boolean
}

interface ClassAnswer {
  /** What follows the prompt. */
  readonly word: string
  /** Its values in the label column of the texts. */
  readonly labels: readonly string[]
  /**
   * The word's token; undefined for a classifier, whose columns are in the order of the answers.
   */
  readonly token: number | undefined
}

/** @throws HisoError CONFIG_…, MODEL_NOT_FOUND (no tokenizer) */
export async function usageOf(task: LanguageSettings, host: Host): Promise<ModelUsage> {
  const { template } = await openTemplateOf(task, host)
  const isClassifier = (await answersOf(task, host)) === 'classes'
  const tokens = isClassifier ? undefined : await candidatesFor(task, host)
  const verbalizers = template.kind === 'classification' ? template.verbalizers : []
  const answers = verbalizers.map(({ word, labels }, index) => ({
    word,
    labels,
    token: tokens?.[index],
  }))
  return { prompt: template.prompt, answers, isClassifier }
}

/** Entries of a file's metadata. */
export function usageMetadata({
  prompt,
  answers,
  isClassifier,
}: ModelUsage): ReadonlyMap<string, string> {
  const entries = new Map([['hiso.prompt', prompt]])
  if (answers.length === 0) return entries
  entries.set('hiso.answers', JSON.stringify(answers))
  // Others read these as the names of the columns of the logits.
  if (isClassifier) entries.set(CLASSES_KEY, JSON.stringify(answers.map(({ word }) => word.trim())))
  return entries
}

/** A page for people who find the adapter without the run. */
export function adapterPage(
  baseModel: string,
  { prompt, answers, isClassifier }: ModelUsage,
): string {
  const rows = answers.map(
    ({ word, token, labels }, column) =>
      `| \`${JSON.stringify(word)}\` | ${token ?? column} | ${labels.join(', ')} |`,
  )
  const table =
    rows.length === 0
      ? 'The answer is what the model writes next.\n'
      : [
          isClassifier
            ? "The classifier's columns, which take the text's state brought to a root mean square of 1:\n"
            : 'The answer is the more likely of these next tokens:\n',
          `| word | ${isClassifier ? 'column' : 'token'} | labels |`,
          '| ---- | ----- | ------ |',
          ...rows,
          '',
        ].join('\n')
  return `---
library_name: peft
base_model: ${JSON.stringify(baseModel)}
---

A LoRA adapter that HiSo Studio trained. The prompt that it was trained on:

\`\`\`
${prompt}
\`\`\`

${table}`
}
