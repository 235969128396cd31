/** What the time line of a round shows: which participants, from when to when, and how wide. */
import type { RoundTimeline, TimelineRow } from '../../../core/engine/index.ts'

/** More rows than this tell no more. */
const mostRows = 100
/** How far behind the end of the round the late ones are seen. */
const mostBehind = 1.5

interface Phase {
  readonly name: 'waiting' | 'down' | 'computing' | 'up'
  /** In seconds since the round began. */
  readonly from: number
  readonly to: number
}

/** Without phases that take no time. */
export function phasesOf(row: TimelineRow): Phase[] {
  const { sentAt, receivedAt, computedAt, answeredAt } = row
  if (row.fate === 'off') return [{ name: 'waiting', from: 0, to: sentAt }]
  const phases: Phase[] = [
    { name: 'waiting', from: 0, to: sentAt },
    { name: 'down', from: sentAt, to: receivedAt },
    { name: 'computing', from: receivedAt, to: computedAt },
  ]
  if (answeredAt !== undefined) phases.push({ name: 'up', from: computedAt, to: answeredAt })
  return phases.filter(({ from, to }) => to > from)
}

/** The last ones, who decide how long the round takes, by ascending client. */
export function rowsShown({ rows }: RoundTimeline): readonly TimelineRow[] {
  if (rows.length <= mostRows) return rows
  return rows
    .toSorted((a, b) => lastOf(b) - lastOf(a))
    .slice(0, mostRows)
    .sort((a, b) => a.client - b.client)
}

/** The seconds that the width of the picture stands for. */
export function shownSeconds({ rows, closedAt }: RoundTimeline): number {
  const last = rows.reduce((most, row) => Math.max(most, lastOf(row)), closedAt)
  return Math.min(last, mostBehind * closedAt)
}

const lastOf = (row: TimelineRow) => phasesOf(row).at(-1)?.to ?? 0
