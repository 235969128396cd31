/** A curvature report as people read it in a terminal. */
import type { CurvatureAtRound, CurvatureReport } from '../core/engine/index.ts'
import { formatPairs, formatTable } from './table.ts'
import type { Terminal } from './terminal.ts'
import { formatCount, formatPlural, formatShare } from './units.ts'

export function formatCurvature(report: CurvatureReport, terminal: Terminal): string {
  const { name, dim, samples } = report
  const on = samples === undefined ? 'by formula' : `on ${formatPlural(samples, 'training sample')}`
  return [
    '',
    `  ${terminal.paint('bold', `Is H the Hessian? ${name}`)}  ${terminal.paint('dim', `${formatPlural(dim, 'parameter')}, ${on}`)}`,
    ...report.rounds.map((at) => formatRound(at, terminal)),
    ...(report.isComplete ? [] : ['  Stopped before all rounds were looked at.', '']),
  ].join('\n')
}

const sources: Readonly<Record<CurvatureAtRound['source'], string>> = {
  formula: 'exact, by formula',
  coordinates: 'exact: coordinate by coordinate',
  probes: 'estimated from random probes',
}

/** Where second derivatives are differences of gradients. */
const smoothedSources = {
  formula: sources.formula,
  coordinates: 'coordinate by coordinate, of the loss smoothed over 1% of x',
  probes: 'estimated from random probes, of the loss smoothed over 1% of x',
}

const verdictStyles = { none: 'yellow', unsure: 'yellow', weak: 'cyan', clear: 'green' } as const

function formatRound(at: CurvatureAtRound, terminal: Terminal): string {
  const { verdict, source, rank, squaredGradientRank, logs, learned, truth, trace } = at
  const style = verdictStyles[verdict.kind as keyof typeof verdictStyles] ?? 'bold'
  const spread = ({ relative, smallest, median, largest }: typeof learned) =>
    `${figure(relative)} × mean; ${figure(smallest)} … ${figure(median)} … ${figure(largest)}`
  return [
    '',
    `  ${terminal.paint('bold', at.round === 0 ? 'Initial model' : `After ${formatPlural(at.round, 'round')}`)}`,
    '',
    `  ${terminal.paint(style, verdict.sentence)}`,
    `  ${terminal.paint('dim', `(${verdict.criterion})`)}`,
    '',
    formatPairs(terminal, [
      ['true diagonal', at.derivatives === 'exact' ? sources[source] : smoothedSources[source]],
      ['rank correlation', withError(rank.value, rank.error)],
      ...(at.ceiling < 1
        ? [['at most', `${at.ceiling.toFixed(2)} with the truth as uncertain as it is`] as const]
        : []),
      [
        'with (∇f)²',
        `${withError(squaredGradientRank.value, squaredGradientRank.error)}  (H against the squared gradient)`,
      ],
      [
        'of logarithms',
        Number.isNaN(logs.value)
          ? '–'
          : `${logs.value.toFixed(3).replace('-', '−')}  (Pearson; ${formatCount(logs.count)} parameters with a true value above 0)`,
      ],
      ['spread of H', spread(learned)],
      ...(learned.relative === 0
        ? []
        : [
            [
              'of noise alone',
              `${figure(at.noise.relative)} × mean  (the same scalars along other directions)`,
            ] as const,
          ]),
      ['spread of truth', `${spread(truth)}; ${formatShare(at.negativeShare)} below 0`],
      ['Tr Σ', withError(trace.value, trace.error)],
      ['‖Σ‖', `${figure(at.norm)}, so effective rank κ = Tr Σ / ‖Σ‖ = ${figure(at.effectiveRank)}`],
      [
        'eigenvalues',
        `${[...at.spectrum.top.slice(0, 5)].map(figure).join(', ')} … ${figure(at.spectrum.smallest)}`,
      ],
    ]),
    '',
    formatTensors(at, terminal),
    '',
    formatMetrics(at, terminal),
    '',
    formatSubspace(at, terminal),
    '',
    formatAngles(at, terminal),
    '',
  ].join('\n')
}

function formatTensors({ tensors }: CurvatureAtRound, terminal: Terminal): string {
  const number = (title: string) => ({ title, isNumber: true })
  return formatTable(
    terminal,
    [
      { title: 'tensor' },
      number('size'),
      number('mean H'),
      number('spread'),
      number('mean truth'),
      number('spread'),
      number('rank correlation'),
    ],
    tensors.map((it) => [
      it.name,
      formatCount(it.size),
      figure(it.learnedMean),
      figure(it.learnedSpread),
      withError(it.trueMean.value, it.trueMean.error),
      figure(it.trueSpread),
      withError(it.rank.value, it.rank.error),
    ]),
  )
}

/**
 * An estimate's noise counts in the diagonal's figures as if it were structure, so it is not called
 * true.
 */
function metricTitle(
  metric: CurvatureAtRound['metrics'][number]['metric'],
  { source }: CurvatureAtRound,
): string {
  if (metric === 'diagonal') return source === 'probes' ? 'estimated diagonal' : 'true diagonal'
  return metric === 'learned' ? 'learned H' : 'H = 1'
}

function formatMetrics(at: CurvatureAtRound, terminal: Terminal): string {
  const { metrics, perturbations } = at
  const number = (title: string) => ({ title, isNumber: true })
  return [
    `  ${terminal.paint('bold', 'What each metric makes of the estimate')} ${terminal.paint('dim', `(P = ${perturbations}; best step: what the loss falls by, to second order)`)}`,
    formatTable(
      terminal,
      [
        { title: 'metric' },
        number('whitening rank ζ'),
        number('norm'),
        number('ζ / norm'),
        number('variance / mean²'),
        number('best step'),
        number('ρ ÷ ρ(1)'),
      ],
      metrics.map((it) => [
        metricTitle(it.metric, at),
        withError(it.whiteningRank.value, it.whiteningRank.error),
        figure(it.norm),
        figure(it.effectiveRank),
        figure(it.relativeVariance),
        it.bestDecrease === undefined ? '–' : figure(it.bestDecrease),
        it.gain === undefined ? '–' : figure(it.gain),
      ]),
    ),
  ].join('\n')
}

/** ρ: what a diagonal could buy; S: where the curvature is that a round meets. */
function formatSubspace({ subspace }: CurvatureAtRound, terminal: Terminal): string {
  const { directions, eigenvalues, topShare, learningRate, largestRate, kept } = subspace
  const shown = [...eigenvalues.slice(0, 4)].map(figure).join(', ')
  return [
    `  ${terminal.paint('bold', 'Curvature along a round’s directions')} ${terminal.paint('dim', `(S = ZᵀΣZ of ${formatPlural(directions, 'random direction')})`)}`,
    '',
    formatPairs(terminal, [
      [
        'eigenvalues of S',
        `${shown}${eigenvalues.length > 4 ? ' …' : ''}; the largest holds ${formatShare(topShare)} of Tr S`,
      ],
      [
        'explicit step',
        largestRate === undefined
          ? 'no direction bends upwards'
          : `overshoots along the steepest above η = ${figure(largestRate)}; the run’s next is ${figure(learningRate)}`,
      ],
      ['implicit step', `keeps ${formatShare(kept)} of the scalar along the steepest`],
    ]),
  ].join('\n')
}

function formatAngles(at: CurvatureAtRound, terminal: Terminal): string {
  const { angles, mu } = at
  const counts = [...angles.perturbations]
  return [
    `  ${terminal.paint('bold', 'Cosine between the estimated and the true gradient')} ${terminal.paint('dim', `(measured with μ = ${mu}; in brackets what theory expects for small μ)`)}`,
    formatTable(
      terminal,
      [{ title: 'P' }, ...counts.map((count) => ({ title: String(count), isNumber: true }))],
      angles.curves.map(({ metric, measured, expected }) => [
        metricTitle(metric, at),
        ...counts.map((_, i) => `${measured[i]!.toFixed(3)} (${expected[i]!.toFixed(3)})`),
      ]),
    ),
  ].join('\n')
}

/** Three digits. */
function figure(value: number): string {
  if (!Number.isFinite(value)) return '–'
  const size = Math.abs(value)
  const text =
    size !== 0 && (size < 1e-3 || size >= 1e5)
      ? value.toExponential(2).replace('e+', 'e')
      : String(Number(value.toPrecision(3)))
  return text.replace('-', '−').replace('e−', 'e-')
}

function withError(value: number, error: number): string {
  if (!Number.isFinite(value)) return '–'
  return error === 0 ? figure(value) : `${figure(value)} ± ${figure(Number(error.toPrecision(2)))}`
}
