/** How well a language model's own answers agree with the accepted ones. */
import { answerMetrics, type AnswerMetric, type SequenceSamples } from '../../data/index.ts'
import { writeAnswers, type PromptedModel, type WritingSettings } from './generate.ts'

export interface ScoringSettings extends WritingSettings {
  readonly metrics: readonly AnswerMetric[]
}

/** Sums over some rows of each metric, in [0, rows]. */
export type Scores = Readonly<Partial<Record<AnswerMetric, number>>>

/** Lets the model answer the prompts of these rows, and scores the answers. */
export async function scoreAnswers<Params>(
  asked: PromptedModel<Params>,
  params: Params,
  samples: SequenceSamples,
  indices: readonly number[],
  settings: ScoringSettings,
): Promise<Scores> {
  const prompts = indices.map((index) => {
    const { ids, answerFrom } = samples.row(index)
    return [...ids.subarray(0, answerFrom)]
  })
  const answers = await writeAnswers(asked, params, prompts, settings)
  const sum = (metric: AnswerMetric) =>
    indices.reduce(
      (total, index, i) => total + answerMetrics[metric](answers[i]!, samples.references(index)),
      0,
    )
  return Object.fromEntries(settings.metrics.map((metric) => [metric, sum(metric)]))
}

/** Combines two parts with the same metrics. */
export function addScores(a: Scores, b: Scores): Scores {
  const names = Object.keys(a) as AnswerMetric[]
  return Object.fromEntries(names.map((name) => [name, a[name]! + b[name]!]))
}
