/** Targets, and what runs needed to reach them. */
import { describe, expect, it } from 'vitest'
import { compareRuns, hardestTarget, type MetricsRow } from '../core/runs/index.ts'
import { parseTarget } from './commands/compare.ts'
import { formatComparison } from './comparison.ts'
import { recordingTerminal } from './testing/recordingTerminal.ts'

/** Accuracies by round; a round costs 10 bytes up, 20 down, 30 ms. */
function rows(...accuracies: readonly (number | undefined)[]): MetricsRow[] {
  return accuracies.map((testAccuracy, index) => ({
    round: index + 1,
    testAccuracy,
    testLoss: testAccuracy === undefined ? undefined : 1 - testAccuracy,
    cumulativeUplinkBytes: 10 * (index + 1),
    cumulativeDownlinkBytes: 20 * (index + 1),
    elapsedMs: 30 * (index + 1),
  })) as unknown as MetricsRow[]
}

const slow = { name: 'slow', method: 'decomfl', rows: rows(0.1, 0.2, undefined, 0.5) }
const fast = { name: 'fast', method: 'hiso', rows: rows(0.3, 0.6) }

describe('a comparison', () => {
  it('takes the hardest target that all reached, and counts from the first run', () => {
    const target = hardestTarget([slow, fast])!
    expect(target).toEqual({ metric: 'testAccuracy', value: 0.5 })
    const { runs } = compareRuns([slow, fast], target)
    expect(runs[0]).toMatchObject({ name: 'slow', best: 0.5, reached: { rounds: 4 } })
    expect(runs[0]).not.toHaveProperty('speedUp')
    expect(runs[1]).toMatchObject({
      reached: { rounds: 2, uplinkBytes: 20, downlinkBytes: 40, elapsedMs: 60 },
      speedUp: { rounds: 2, uplinkBytes: 2, downlinkBytes: 2, elapsedMs: 2 },
    })
  })

  it('has the time on a network where there is one', () => {
    const onNetwork = ({ rows: all, ...run }: typeof slow) => ({
      ...run,
      rows: all.map((row) => ({ ...row, simulatedMs: 60_000 * row.round })),
    })
    const shown = (runs: readonly (typeof slow)[]) =>
      formatComparison(compareRuns(runs, hardestTarget(runs)!), recordingTerminal().terminal)
    expect(shown([onNetwork(slow), onNetwork(fast)])).toMatch(
      /on network[\s\S]* 4 min[\s\S]* 2 min/,
    )
    expect(shown([onNetwork(slow), fast])).toContain('on network')
    expect(shown([slow, fast])).not.toContain('on network')
  })

  it('explains a factor that it shows', () => {
    const text = formatComparison(
      compareRuns([fast, slow], hardestTarget([fast, slow])!),
      recordingTerminal().terminal,
    )
    expect(text).toMatch(/ 0\.50× [\s\S]*0\.50×: fast needed 0\.50 times as much/)
  })

  it('leaves out what was not reached', () => {
    const { runs } = compareRuns([slow, fast], { metric: 'testAccuracy', value: 0.55 })
    expect(runs[0]).not.toHaveProperty('reached')
    expect(runs[1]).not.toHaveProperty('speedUp')
  })

  it('says which runs did not come to their end', () => {
    const runs = [slow, { ...fast, status: 'failed' as const }]
    const text = formatComparison(
      compareRuns(runs, hardestTarget(runs)!),
      recordingTerminal().terminal,
    )
    expect(text).toContain('fast: failed after 2 rounds')
    expect(text).not.toContain('slow:')
  })

  it('falls back to a loss where there is no accuracy', () => {
    const strip = ({ rows: all, ...run }: typeof slow) => ({
      ...run,
      rows: all.map((row) => ({ ...row, testAccuracy: undefined })),
    })
    expect(hardestTarget([strip(slow), strip(fast)])).toEqual({ metric: 'testLoss', value: 0.5 })
    expect(hardestTarget([{ ...fast, rows: [] }])).toBeUndefined()
  })

  it('is shown as a table', () => {
    const { terminal } = recordingTerminal()
    const comparison = compareRuns([slow, fast], { metric: 'testAccuracy', value: 0.5 })
    expect(formatComparison(comparison, terminal).split('\n')).toEqual([
      '  To reach accuracy 50.0%',
      '',
      '  run   method   rounds           up         down           time          best',
      '  slow  DeComFL       4         40 B         80 B         120 ms         50.0%',
      '  fast  HiSo          2  2.00×  20 B  2.00×  40 B  2.00×   60 ms  2.00×  60.0%',
      '',
      '  2.00×: slow needed 2.00 times as much; above 1 is a saving',
    ])
  })
})

describe('a target', () => {
  it.each([
    ['accuracy=0.85', { metric: 'testAccuracy', value: 0.85 }],
    ['testAccuracy = 85%', { metric: 'testAccuracy', value: 0.85 }],
    ['loss=0.4', { metric: 'testLoss', value: 0.4 }],
    ['trainLoss=1e-3', { metric: 'trainLoss', value: 0.001 }],
  ])('%s is understood', (text, target) => expect(parseTarget(text)).toEqual(target))

  it.each([
    ['acuracy=0.5', /"acuracy" is not a metric. Did you mean accuracy\?/],
    ['accuracy', /has the form metric=value/],
    ['loss=low', /has the form metric=value/],
    ['loss=1.000', /write 1 or 1000/],
    ['accuracy=85', /between 0 and 1 \(got 85\)/],
    ['constructor=1', /not a metric/],
  ])('%s is refused', (text, message) => expect(() => parseTarget(text)).toThrow(message))
})
