/** What of a classifier's passes decides whether probes share them. */
import { ROWS_PER_RUN, type LossSession, type TrainableGraph } from '../../model/index.ts'
import type { PlainForm } from '../choosePass.ts'
import type { ConfigOf } from '../task.ts'

/** Rows of a pass beyond which more make no product faster. */
const enoughRows = 4 * ROWS_PER_RUN

/** Of a trial. */
const trialRows = 32

export function classifierForm(
  { federation }: ConfigOf<'classification'>,
  graph: TrainableGraph,
  session: LossSession,
  provider: string,
): PlainForm {
  const { batchSize, participants } = federation
  const batches = Math.min(participants, Math.max(1, Math.floor(ROWS_PER_RUN / batchSize)))
  const size = graph.featureShape.reduce((product, length) => product * length, 1)
  const features = (rows: number) =>
    Float32Array.from(
      { length: rows * size },
      (_, i) => ((37 * (i % (trialRows * size))) % 101) / 101,
    )
  const labels = (rows: number) =>
    BigInt64Array.from({ length: rows }, (_, i) => BigInt((i % trialRows) % graph.classes))
  return {
    ...graph,
    provider,
    rows: batches * batchSize,
    enoughRows,
    rowSize: (products) =>
      2 * size +
      products.reduce((most, [inputs, outputs]) => Math.max(most, inputs + 3 * outputs), 1),
    trial: {
      initialParams: () => graph.initialParams,
      feeds(probes) {
        const rows = probes * trialRows
        return {
          [graph.features]: { data: features(rows), shape: [rows, ...graph.featureShape] },
          [graph.labels]: { data: labels(rows), shape: [rows] },
        }
      },
      plainLosses: async (x) =>
        (await session.run(x, features(trialRows), labels(trialRows), false)).losses,
    },
  }
}
