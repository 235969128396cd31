/**
 * A curvature report as one tidy table: one figure per row, identified by its quantity and subject.
 */
import type { CurvatureAtRound, CurvatureReport } from './curvature.ts'

type Row = readonly [quantity: string, of: string | number, value: number, error?: number]

/**
 * Columns: round, quantity, of (a tensor, a metric, a parameter's index…), value, error (empty
 * where nothing is sampled).
 */
export function curvatureCsv({ rounds }: CurvatureReport): string {
  const lines = rounds.flatMap((at) =>
    rowsOf(at).map(([quantity, of, value, error = 0]) =>
      [at.round, quantity, quoted(String(of)), value, error === 0 ? '' : error].join(','),
    ),
  )
  return ['round,quantity,of,value,error', ...lines, ''].join('\n')
}

function rowsOf(at: CurvatureAtRound): Row[] {
  const { rank, squaredGradientRank, trace, tensors, scatter, spectrum, metrics, angles } = at
  return [
    ['loss', '', at.loss],
    ['gradientNorm', '', at.gradientNorm],
    ['rankCorrelation', 'diagonal', rank.value, rank.error],
    ['rankCorrelation', 'squaredGradient', squaredGradientRank.value, squaredGradientRank.error],
    ['ceiling', '', at.ceiling],
    ['logCorrelation', '', at.logs.value],
    ['relativeSpread', 'learned', at.learned.relative],
    ['relativeSpread', 'noise', at.noise.relative],
    ['relativeSpread', 'diagonal', at.truth.relative],
    ['negativeShare', 'diagonal', at.negativeShare],
    ['trace', '', trace.value, trace.error],
    ['norm', '', at.norm],
    ['effectiveRank', '', at.effectiveRank],
    ...tensors.flatMap(
      ({ name, learnedMean, learnedSpread, trueMean, trueSpread, rank }): Row[] => [
        ['tensorMean.learned', name, learnedMean],
        ['tensorMean.diagonal', name, trueMean.value, trueMean.error],
        ['tensorSpread.learned', name, learnedSpread],
        ['tensorSpread.diagonal', name, trueSpread],
        ['tensorRankCorrelation', name, rank.value, rank.error],
      ],
    ),
    ...metrics.flatMap((report): Row[] => [
      ['whiteningRank', report.metric, report.whiteningRank.value, report.whiteningRank.error],
      ['whitenedNorm', report.metric, report.norm],
      ['whitenedEffectiveRank', report.metric, report.effectiveRank],
      ['relativeVariance', report.metric, report.relativeVariance],
      ['bestDecrease', report.metric, report.bestDecrease ?? NaN],
      ['gain', report.metric, report.gain ?? NaN],
    ]),
    ...Array.from(at.subspace.eigenvalues, (value, i): Row => ['subspace', i + 1, value]),
    ['subspaceLargestRate', '', at.subspace.largestRate ?? NaN],
    ['subspaceKept', '', at.subspace.kept],
    ...angles.curves.flatMap(({ metric, measured, expected }) =>
      Array.from(angles.perturbations).flatMap((count, i): Row[] => [
        [`cosine.${metric}`, count, measured[i]!],
        [`expectedCosine.${metric}`, count, expected[i]!],
      ]),
    ),
    ...Array.from(spectrum.top, (value, i): Row => [
      'eigenvalue',
      i + 1,
      value,
      spectrum.topErrors[i]!,
    ]),
    ...Array.from(spectrum.at, (place, i): Row => ['density', place, spectrum.density[i]!]),
    ...Array.from(scatter.index).flatMap((index, i): Row[] => [
      ['hessian', index, scatter.learned[i]!],
      ['diagonal', index, scatter.truth[i]!, scatter.error[i]!],
    ]),
  ]
}

/** A tensor's name may hold anything. */
function quoted(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
