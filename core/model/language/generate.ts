/** Generates text: the likeliest next token, again and again, for several prompts side by side. */
import type { Padding, TextTokenizer } from '../../data/index.ts'
import type { RunnerAt } from './graphRunner.ts'
import type { LanguageGraph } from './languageGraph.ts'
import { tokenFeeds } from './tokenFeeds.ts'

/** @typeParam Params where x lies */
export interface PromptedModel<Params> {
  readonly graph: LanguageGraph
  readonly runner: RunnerAt<Params>
  readonly padding: Padding
}

/** @returns for each prompt the logits after it, float32[candidates or vocabulary] */
export async function nextLogits<Params>(
  { graph, runner, padding }: PromptedModel<Params>,
  params: Params,
  prompts: readonly (readonly number[])[],
): Promise<readonly Float32Array[]> {
  const rows = prompts.map((ids) => ({
    row: { ids: Int32Array.from(ids), answerFrom: ids.length },
    label: 0,
  }))
  // As with candidates: the logits are taken after the prompt, whatever token stands there.
  const asked = { ...graph, candidates: graph.candidates ?? [] }
  const { feeds } = tokenFeeds(rows, asked, padding)
  const results = await runner.run(params, feeds, { [graph.logits]: undefined })
  const logits = results[graph.logits]!
  const width = logits.length / prompts.length
  return prompts.map((_, row) => logits.subarray(row * width, (row + 1) * width))
}

export interface WritingSettings {
  readonly tokenizer: Pick<TextTokenizer, 'decode' | 'end'>
  /** The most tokens of an answer; fewer if the model's positions end. */
  readonly maxNewTokens: number
}

/**
 * Greedy: of equal tokens the first. An answer ends with its line, or with the token that ends
 * texts.
 *
 * Differs: nothing is cached between tokens; each costs a whole pass over its row.
 *
 * @returns each prompt's answer, trimmed
 */
export async function writeAnswers<Params>(
  asked: PromptedModel<Params>,
  params: Params,
  prompts: readonly (readonly number[])[],
  { tokenizer, maxNewTokens }: WritingSettings,
): Promise<readonly string[]> {
  const { positions = Infinity } = asked.graph
  const rows = prompts.map((prompt) => ({ ids: [...prompt], from: prompt.length }))
  const room = (row: (typeof rows)[number]) =>
    Math.min(row.from + maxNewTokens, positions) > row.ids.length
  for (let open = rows.filter(room); open.length > 0;) {
    const logits = await nextLogits(
      asked,
      params,
      open.map(({ ids }) => ids),
    )
    open = open.filter((row, index) => {
      const next = likeliest(logits[index]!)
      if (next === tokenizer.end) return false
      row.ids.push(next)
      return !tokenizer.decode([next]).includes('\n') && room(row)
    })
  }
  return rows.map(({ ids, from }) => tokenizer.decode(ids.slice(from)).trim())
}

function likeliest(logits: Float32Array): number {
  return logits.indexOf(logits.reduce((most, it) => Math.max(most, it)))
}
