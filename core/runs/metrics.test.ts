import { describe, expect, test } from 'vitest'
import { formatRow, metricColumns, metricsHeader, readMetrics, type MetricsRow } from './metrics.ts'

const row = Object.fromEntries(
  metricColumns.map((column, at) => [column, column === 'round' ? 1 : at + 0.5]),
) as unknown as MetricsRow

describe('a metrics file', () => {
  test('reads back as it was written', () => {
    const text = metricsHeader + formatRow(row)
    expect(readMetrics(text, 'metrics.csv')).toEqual({ rows: [row], ends: [text.length] })
  })

  test('of the first version has no ε and no scores, and may go on with rows of this one', () => {
    const columns = metricColumns.indexOf('epsilon')
    const older = (line: string) => `${line.split(',').slice(0, columns).join(',')}\n`
    const text = older(metricsHeader) + older(formatRow(row)) + formatRow({ ...row, round: 2 })
    const { rows, ends } = readMetrics(text, 'metrics.csv')
    expect(rows).toEqual([
      { ...row, epsilon: undefined, exactMatch: undefined, f1: undefined, rougeL: undefined },
      { ...row, round: 2 },
    ])
    expect(ends.at(-1)).toBe(text.length)
  })

  test('with other columns, or fewer than there ever were, is refused', () => {
    for (const header of ['round,loss\n', 'round,trainLoss\n', metricsHeader.replace('B', 'b')])
      expect(() => readMetrics(header, 'metrics.csv')).toThrow(/not the header/)
  })

  test('whose header was not finished has no rows', () => {
    expect(readMetrics(metricsHeader.slice(0, 30), 'metrics.csv')).toEqual({ rows: [], ends: [] })
  })
})
