import { describe, expect, test } from 'vitest'
import { parseRunConfig } from '../config/index.ts'
import {
  formatMetrics,
  formatRow,
  metricColumns,
  metricsHeader as headerOf,
  networkColumns,
  readMetrics,
  type MetricsRow,
} from './metrics.ts'

const configOf = (network?: string) =>
  parseRunConfig({
    name: 'test',
    task: { kind: 'quadratic' },
    method: { name: 'hiso' },
    ...(network !== undefined && { network: { kind: network } }),
  })
const metricsHeader = headerOf(configOf('lte'))

const row = Object.fromEntries(
  metricColumns.map((column, at) => [column, column === 'round' ? 1 : at + 0.5]),
) as unknown as MetricsRow

describe('a metrics file', () => {
  test('reads back as it was written', () => {
    const text = metricsHeader + formatRow(row)
    expect(readMetrics(text, 'metrics.csv')).toEqual({
      rows: [row],
      ends: [text.length],
      damage: undefined,
    })
  })

  test('of the first version has no ε and no scores, and may go on with rows of this one', () => {
    const columns = metricColumns.indexOf('epsilon')
    const older = (line: string) => `${line.split(',').slice(0, columns).join(',')}\n`
    const text = older(metricsHeader) + older(formatRow(row)) + formatRow({ ...row, round: 2 })
    const { rows, ends } = readMetrics(text, 'metrics.csv')
    expect(rows).toEqual([
      Object.fromEntries(
        metricColumns.map((column, at) => [column, at < columns ? row[column] : undefined]),
      ),
      { ...row, round: 2 },
    ])
    expect(ends.at(-1)).toBe(text.length)
  })

  test('of a run without a network has none of its columns', () => {
    const none = Object.fromEntries(networkColumns.map((column) => [column, undefined]))
    const plain = { ...row, ...none }
    const text = formatMetrics(configOf(), [plain])
    expect(text.split('\n')[0]).toMatch(/,rougeL$/)
    expect(text.split('\n')[1]!.split(',')).toHaveLength(text.split('\n')[0]!.split(',').length)
    expect(readMetrics(text, 'metrics.csv')).toMatchObject({ rows: [plain], damage: undefined })
  })

  test('with other columns, or fewer than there ever were, is refused', () => {
    for (const header of ['round,loss\n', 'round,trainLoss\n', metricsHeader.replace('B', 'b')])
      expect(readMetrics(header, 'metrics.csv').damage?.what).toMatch(/not the header/)
  })

  test('whose header was not finished has no rows', () => {
    expect(readMetrics(metricsHeader.slice(0, 30), 'metrics.csv')).toEqual({
      rows: [],
      ends: [],
      damage: undefined,
    })
  })

  test.each(['NaN', 'Infinity', '0x10', ' 1', '1_000', "=cmd|'/C calc'!A0", '\u001b[31m1', '1e'])(
    'with %j where a number belongs is refused by its line and column',
    (cell) => {
      const second = formatRow({ ...row, round: 2 }).replace(/^2,[^,]*/, `2,${cell}`)
      const { rows, damage } = readMetrics(metricsHeader + formatRow(row) + second, 'metrics.csv')
      expect(rows).toEqual([row])
      expect(damage).toMatchObject({ code: 'RUN_CORRUPT', where: 'metrics.csv, line 3' })
      expect(damage?.what).toMatch(/^trainLoss is no number: "/)
      expect(damage?.what).not.toContain('\u001b')
    },
  )

  test('is never given what is no number', () => {
    const text = metricsHeader + formatRow({ ...row, testLoss: Number.NaN, epsilon: Infinity })
    expect(readMetrics(text, 'metrics.csv')).toMatchObject({
      rows: [{ ...row, testLoss: undefined, epsilon: undefined }],
      damage: undefined,
    })
  })
})
