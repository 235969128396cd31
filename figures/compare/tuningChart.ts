/** What a search of learning rates has found: the loss against η, a line for each method and P. */
import { methodTitle, settingHeading } from '../../core/config/index.ts'
import type { TriedCandidate, Tuning } from '../../core/engine/index.ts'
import { distinctColors } from '../model/colors.ts'
import type { ChartModel, ColorToken, LineLayer, Scale } from '../model/chartModel.ts'

interface TuningLine {
  readonly name: string
  readonly color: ColorToken
  /** Ascending η. */
  readonly candidates: readonly TriedCandidate[]
}

/** One for each method and number of perturbations. */
function linesOf({ methods }: Tuning): TuningLine[] {
  const groups = methods.flatMap(({ config, candidates }) => {
    const counts = [...new Set(candidates.map(({ perturbations }) => perturbations))]
    return counts.map((count) => ({
      method: config.method.name,
      name: methodTitle(config.method.name) + (counts.length > 1 ? `, P ${count}` : ''),
      candidates: candidates.filter(({ perturbations }) => perturbations === count),
    }))
  })
  const colors = distinctColors(groups.map(({ method }) => method))
  return groups.map(({ name, candidates }, index) => ({ name, candidates, color: colors[index]! }))
}

/**
 * @param rung index of the rounds after which the loss is shown: at 0 all candidates have one,
 *   later only those that were kept
 */
export function tuningChart(tuning: Tuning, rung: number, yScale: Scale): ChartModel {
  const lines = linesOf(tuning)
  const rounds = tuning.rungs[rung]!
  const label = settingHeading('method.learningRate', tuning.methods[0]?.config)
  const rates = new Set(lines.flatMap(({ candidates }) => candidates.map((it) => it.learningRate)))
  return {
    title: `test loss after ${rounds} ${rounds === 1 ? 'round' : 'rounds'} against ${label}`,
    x: {
      label,
      quantity: 'value',
      scale: 'log',
      ticks: [...rates].sort((a, b) => a - b),
    },
    y: { label: 'test loss', quantity: 'value', scale: yScale },
    layers: [
      ...lines.map(({ name, color, candidates }, index): LineLayer => {
        const tried = candidates.filter(({ losses }) => losses.length > rung)
        return {
          ...{ kind: 'line', id: `line:${index}`, name, color, width: 2, hasPoints: true },
          x: Float64Array.from(tried, ({ learningRate }) => learningRate),
          y: Float64Array.from(tried, ({ losses }) => lossAt(losses, rung)),
        }
      }),
      ...tuning.methods.flatMap(({ best }, index): LineLayer[] =>
        best === undefined
          ? []
          : [
              {
                ...{ kind: 'line', id: `best:${index}`, name: 'best at the end', color: 'text' },
                ...{ width: 3, hasPoints: true },
                x: Float64Array.of(best.learningRate),
                y: Float64Array.of(lossAt(best.losses, rung)),
              },
            ],
      ),
    ],
    emptyText: 'No candidate has come this far yet.',
  }
}

/** NaN where it has diverged: there is no such point. */
function lossAt(losses: readonly number[], rung: number): number {
  const loss = losses[rung]!
  return Number.isFinite(loss) ? loss : NaN
}
