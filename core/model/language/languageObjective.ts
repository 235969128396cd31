/**
 * The objective of a language model on rows of tokens: the loss of the answers after prompts, as
 * one of several words (prompt classification) or as text.
 */
import type { SequenceDataset, SequenceSamples } from '../../data/index.ts'
import {
  lossesFromSamples,
  meanLoss,
  partsOf,
  type BatchAddress,
  type Evaluation,
  type GroupedMeasure,
  type LossMeasure,
  type Objective,
} from '../objective.ts'
import type { GraphRunner, RunnerAt } from './graphRunner.ts'
import type { LanguageGraph } from './languageGraph.ts'
import { runGroups, type OpenedGroups } from '../grouped/openedGroups.ts'
import { checkFits } from './sequenceCheck.ts'
import { addScores, scoreAnswers, type Scores, type ScoringSettings } from './scoreAnswers.ts'
import { labelledRows, paddedLength, feedParams, tokenFeeds } from './tokenFeeds.ts'

/**
 * Tokens in one forward pass. The runtime packs fed weights anew in every run; a few hundred rows
 * of a matrix product outweigh that, and more only take memory.
 */
const TOKENS_PER_RUN = 1024

/** Rows of one evaluation pass, at most. */
const EVALUATION_ROWS = 64

export interface LanguageOptions {
  readonly graph: LanguageGraph
  readonly runner: GraphRunner
  readonly dataset: SequenceDataset
  /** Indices into the training rows of a minibatch. */
  readonly batchOf: (address: BatchAddress) => Uint32Array
  /** Rows of a full minibatch. */
  readonly batchSize: number
  /** Where several points are measured in one pass. */
  readonly groups?: OpenedGroups | undefined
  /** How written answers are scored at evaluation; absent if an answer is one of the candidates. */
  readonly scoring?: ScoringSettings
}

/** How long rows are, how many fit into a pass, and how many minibatches. */
export function languagePassRows(
  graph: LanguageGraph,
  { longest }: Pick<SequenceDataset, 'longest'>,
  batchSize: number,
) {
  const length = paddedLength(longest, graph)
  const rowsPerRun = Math.max(1, Math.floor(TOKENS_PER_RUN / length))
  return { length, rowsPerRun, batchesPerCall: Math.max(1, Math.floor(rowsPerRun / batchSize)) }
}

/**
 * f(x; B) = mean over the rows of B of the row's loss. With candidates, the loss is the
 * cross-entropy over their logits after the prompt (also the authors' choice: the rest of the
 * vocabulary does not count). With text answers, it is the mean cross-entropy over the vocabulary
 * of the answer's tokens.
 *
 * Differs: the authors' loss for texts covers prompt and padding as well.
 *
 * @throws HisoError MODEL_UNSUPPORTED if tokens or rows do not fit the model
 */
export function createLanguageObjective(options: LanguageOptions): Objective {
  const { graph, dataset, batchSize, runner, scoring, groups } = options
  checkFits(graph, dataset)
  const { rowsPerRun, batchesPerCall } = languagePassRows(graph, dataset, batchSize)
  const evaluationRows = Math.min(EVALUATION_ROWS, rowsPerRun)

  const lossesOf = async <Params>(
    at: RunnerAt<Params>,
    params: Params,
    samples: SequenceSamples,
    indices: readonly number[],
    wantLogits: boolean,
  ) => {
    const chosen = labelledRows(samples, indices)
    const run = tokenFeeds(chosen, graph, dataset.padding)
    const outputs = { [graph.losses]: undefined, ...(wantLogits && { [graph.logits]: undefined }) }
    const results = await at.run(params, run.feeds, outputs)
    return {
      losses: Float64Array.from(partsOf(results[graph.losses]!, run.picksPerRow), meanLoss),
      logits: results[graph.logits],
      labels: chosen.map(({ label }) => label),
    }
  }

  const measureOn = <Params>(at: RunnerAt<Params>): LossMeasure<Params> => ({
    ...lossesFromSamples(async (params: Params, batches) => {
      const rows = batches.map((it) => options.batchOf(it))
      const all = rows.flatMap((it) => [...it])
      const { losses } =
        all.length === 0
          ? { losses: new Float64Array() }
          : await lossesOf(at, params, dataset.train, all, false)
      return partsOf(
        losses,
        rows.map((it) => it.length),
      )
    }),
    async evaluate(params, from, to): Promise<Evaluation> {
      let lossSum = 0
      let correct = 0
      let scores: Scores | undefined
      const isChoice = graph.candidates !== undefined
      const asked = { graph, runner: at, padding: dataset.padding }
      for (let start = from; start < to; start += evaluationRows) {
        const rows = Math.min(evaluationRows, to - start)
        const indices = Array.from({ length: rows }, (_, i) => start + i)
        const { losses, logits, labels } = await lossesOf(
          at,
          params,
          dataset.test,
          indices,
          isChoice,
        )
        for (const loss of losses) lossSum += loss
        if (logits !== undefined) correct += countRight(logits, labels)
        if (scoring === undefined) continue
        const own = await scoreAnswers(asked, params, dataset.test, indices, scoring)
        scores = scores === undefined ? own : addScores(scores, own)
      }
      return {
        lossSum,
        correct: isChoice ? correct : undefined,
        samples: to - from,
        ...(scores && { scores }),
      }
    },
  })

  return {
    dim: graph.dim,
    initialParams: (out) => graph.initialParams(out),
    batchesPerCall,
    testSamples: dataset.test.count,
    ...measureOn(feedParams(graph, runner)),
    ...(groups && { grouped: groupedMeasure(options, groups) }),
    ...(runner.device && { device: { ...runner.device, ...measureOn(runner.device) } }),
    async release() {
      await groups?.runner.release()
      await runner.release()
    },
  }
}

function groupedMeasure(
  { graph, dataset, batchOf }: LanguageOptions,
  groups: OpenedGroups,
): GroupedMeasure {
  return {
    pointsPerCall: groups.pointsPerCall,
    async sampleLosses(params, points, batches) {
      const rows = batches.map((it) => batchOf(it))
      const own = labelledRows(
        dataset.train,
        rows.flatMap((it) => [...it]),
      )
      const all = points.flatMap(() => own)
      const { feeds, picksPerRow } = tokenFeeds(all, graph, dataset.padding)
      const held = { ...graph.held, ...feeds }
      const losses = await runGroups(groups, graph, params, points, held)
      const sizes = rows.map((it) => it.length)
      const picks = picksPerRow.slice(0, own.length)
      return losses.map((of) => partsOf(Float64Array.from(partsOf(of, picks), meanLoss), sizes))
    },
  }
}

/** Rows whose label has the largest logit; the first of equals. */
function countRight(logits: Float32Array, labels: readonly number[]): number {
  const width = logits.length / labels.length
  return labels.filter((label, row) => {
    const own = logits.subarray(row * width, (row + 1) * width)
    return own.indexOf(Math.max(...own)) === label
  }).length
}
