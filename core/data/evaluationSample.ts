/**
 * Which held-out samples an evaluation looks at: a fixed, stratified sample, so that the order of a
 * file, often sorted by class, does not show in the numbers.
 */
import { RandomStream } from '../random/index.ts'
import { apportion } from './apportion.ts'
import type { Samples } from './dataset.ts'
import { countLabels, groupByLabel } from './grouping.ts'
import type { SequenceSamples } from './text/sequences.ts'

/**
 * Each class gives in proportion to its size (largest remainder). Which samples is drawn from the
 * streams (0, evaluation, class): the same for every run on the same data, whatever its seed.
 *
 * @param labels class index of each held-out sample
 * @param wanted how many samples; all where there are no more
 * @returns indices, ascending
 */
export function evaluationSample(labels: Int32Array, classes: number, wanted: number): Uint32Array {
  if (wanted >= labels.length) return Uint32Array.from(labels, (_, index) => index)
  const sizes = countLabels(labels, classes)
  const quotas = apportion(wanted, sizes)
  const chosen = groupByLabel(labels, sizes).flatMap((samples, index) => {
    const stream = new RandomStream(0, 'evaluation', index)
    return Array.from(stream.sample(samples.length, quotas[index]!), (at) => samples[at]!)
  })
  return Uint32Array.from(chosen).sort()
}

/** The samples at these indices. */
export function chooseSamples(samples: Samples, chosen: Uint32Array): Samples {
  return {
    count: chosen.length,
    labels: chooseLabels(samples, chosen),
    gather: (indices, out) =>
      samples.gather(
        indices.map((index) => chosen[index]!),
        out,
      ),
  }
}

/** The rows of tokens at these indices. */
export function chooseSequences(samples: SequenceSamples, chosen: Uint32Array): SequenceSamples {
  return {
    count: chosen.length,
    labels: chooseLabels(samples, chosen),
    row: (index) => samples.row(chosen[index]!),
    references: (index) => samples.references(chosen[index]!),
  }
}

const chooseLabels = ({ labels }: { readonly labels: Int32Array }, chosen: Uint32Array) =>
  Int32Array.from(chosen, (index) => labels[index]!)
