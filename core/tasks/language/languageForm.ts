/** What of a language model's passes decides whether probes share them. */
import type { SequenceDataset } from '../../data/index.ts'
import {
  isOptName,
  labelledRows,
  languagePassRows,
  parameterFeeds,
  tokenFeeds,
  type GraphRunner,
  type LanguageGraph,
} from '../../model/index.ts'
import { sharedPassBytes, type PlainForm } from '../choosePass.ts'
import type { ConfigOf } from '../task.ts'

/** Tokens of a pass beyond which more make no product faster (docs/performance.md). */
const enoughTokens = 512

/** Up to this d a model is tried at its start; our own larger ones are known to agree. */
const largestTriedDim = 2 ** 24

/** What of it follows from the graph and the length of its rows alone. */
function languageRows(
  { federation, task }: Pick<ConfigOf<'language'>, 'federation' | 'task'>,
  graph: LanguageGraph,
  rows: Pick<SequenceDataset, 'longest'>,
): Omit<PlainForm, 'trial' | 'provider'> {
  const { batchSize, participants } = federation
  const { length, batchesPerCall } = languagePassRows(graph, rows, batchSize)
  return {
    ...graph,
    rows: Math.min(participants, batchesPerCall) * batchSize * length,
    enoughRows: enoughTokens,
    ...(task.frozen === 'float16' && { obstacle: 'frozen weights are kept as float16' }),
    // A row of products holds its inputs and two outputs; attention about as much as one layer.
    rowSize: (products) =>
      products
        .filter((shape) => !shape.includes(graph.vocabulary))
        .reduce((most, [inputs, outputs]) => Math.max(most, 2 * inputs + 3 * outputs), 1),
  }
}

/**
 * Bytes of a shared pass, without opening a session.
 * @param tokens of the longest row
 * @returns undefined where every probe is written out
 */
export function languagePassBytes(
  config: ConfigOf<'language'>,
  graph: LanguageGraph,
  tokens: number,
): number | undefined {
  return sharedPassBytes(config, languageRows(config, graph, { longest: tokens }))
}

export function languageForm(
  config: ConfigOf<'language'>,
  graph: LanguageGraph,
  runner: GraphRunner,
  dataset: SequenceDataset,
  provider: string,
): PlainForm {
  const { federation, task } = config
  const params = parameterFeeds(graph)
  const count = Math.min(federation.batchSize, dataset.train.count)
  const rows = labelledRows(dataset.train, Array(count).keys())
  const feeds = (probes: number) => ({
    ...graph.held,
    ...tokenFeeds(Array.from({ length: probes }, () => rows).flat(), graph, dataset.padding).feeds,
  })
  const isTried = graph.dim <= largestTriedDim || !isOptName(task.model)
  return {
    ...languageRows(config, graph, dataset),
    provider,
    trial: isTried
      ? {
          initialParams: () => graph.initialParams(),
          feeds,
          plainLosses: async (x) => {
            const outputs = { [graph.losses]: undefined }
            const results = await runner.run({ ...params(x), ...feeds(1) }, outputs)
            return results[graph.losses]!
          },
        }
      : undefined,
  }
}
