/**
 * When a chart is drawn, and how, as a state machine without a clock or a screen: `useChartCanvas`
 * tells it what happened, and asks what to do.
 *
 *     outdated ──drawn in full──▶ shown   (or blank, where there is nothing to draw)
 *     blank    ──has data───────▶ shown
 *     shown    ──new data───────▶ shown   (extended at its pace, or drawn in full when that is due)
 *     any      ──somebody asked, or chose something else──▶ outdated
 */

/**
 * A chart that is drawn more often than this is what people stare at: it does not queue behind the
 * others.
 */
const urgentPaceMs = 50

/**
 * The share of a core that drawing a chart in full may take while a run goes on. What people stare
 * at is not held back: its points would be late.
 */
const drawShare = 1 / 200

/**
 * The longest that it is held back; in its first seconds no longer than it has been there: a first
 * drawing, while workers start, takes many times what the next will.
 */
const longestHoldMs = 4000

/** Milliseconds between looks whether there is something to draw at last. */
const blankMs = 50

type ChartPhase =
  /** What is on screen is out of date for another reason than new data, or nothing is there. */
  | 'outdated'
  /** The screen says that there is nothing to draw: no longer than that is true. */
  | 'blank'
  | 'shown'

export interface ChartPace {
  readonly phase: ChartPhase
  /** A drawing was left out because nobody could see it. */
  readonly isMissed: boolean
  /** When it was last looked at, whatever was drawn; −∞ for never. Moments are milliseconds. */
  readonly drawnAt: number
  /** When it was last drawn in full; −∞ for never. */
  readonly fullAt: number
  /** How long that took. */
  readonly fullMs: number
  /** When the run began, or something else was chosen. */
  readonly since: number
}

/** How often new data alone has the chart drawn. */
export interface Tempo {
  readonly paceMs: number
  /** Whether most of what is new are points to be drawn on what is there. */
  readonly isLive: boolean
}

export const newPace = (now: number): ChartPace => ({
  phase: 'outdated',
  isMissed: true,
  drawnAt: -Infinity,
  fullAt: -Infinity,
  fullMs: 0,
  since: now,
})

export const isUrgent = ({ paceMs }: Pick<Tempo, 'paceMs'>): boolean => paceMs < urgentPaceMs

/** After something that a person did. */
export const asked = (pace: ChartPace): ChartPace => ({ ...pace, phase: 'outdated' })

/** After something else was chosen, or at the end of a run. */
export const restarted = (pace: ChartPace, now: number): ChartPace => ({
  ...pace,
  phase: 'outdated',
  since: now,
})

/** After a drawing that was left out because nobody could see it. */
export const missed = (pace: ChartPace): ChartPace => ({ ...pace, isMissed: true })

/** After a look behind which the chart is covered: by its table, which goes on. */
export const covered = (pace: ChartPace, now: number): ChartPace => ({ ...pace, drawnAt: now })

/** When a look begins that can draw. */
export const looked = (pace: ChartPace, now: number): ChartPace => ({
  ...pace,
  isMissed: false,
  drawnAt: now,
})

export const drawnInFull = (
  pace: ChartPace,
  { from, to, hasData }: { readonly from: number; readonly to: number; readonly hasData: boolean },
): ChartPace => ({
  ...pace,
  phase: hasData ? 'shown' : 'blank',
  fullAt: from,
  fullMs: to - from,
})

/** When new data alone may have the chart drawn in full again. */
export function nextFull({ fullAt, fullMs, since }: ChartPace, tempo: Tempo): number {
  const isHeldBack = tempo.isLive && !isUrgent(tempo)
  const longest = Math.min(longestHoldMs, fullAt - since)
  const hold = isHeldBack ? Math.min(fullMs / drawShare, longest) : 0
  return fullAt + Math.max(tempo.paceMs, hold)
}

/** What a look does: draws in full, was extended, leaves it as it is, or waits for a moment. */
export type Step = 'full' | 'extended' | 'nothing' | { readonly waitUntil: number }

/** @param extend draws new points on what is there; false where that is not possible */
export function stepOf(
  pace: ChartPace,
  now: number,
  tempo: Tempo,
  { hasData, extend }: { readonly hasData: boolean; readonly extend: () => boolean },
): Step {
  if (pace.phase === 'outdated') return 'full'
  if (pace.phase === 'blank') return hasData ? 'full' : 'nothing'
  if (extend()) return 'extended'
  const waitUntil = nextFull(pace, tempo)
  return now < waitUntil ? { waitUntil } : 'full'
}

/**
 * When new data is drawn. It may wait: a chart that is redrawn for every round takes time from the
 * engine that plays them.
 */
export function newsDueAt(pace: ChartPace, tempo: Tempo, canExtend: boolean): number {
  if (pace.phase === 'blank') return pace.drawnAt + Math.min(tempo.paceMs, blankMs)
  return canExtend ? pace.drawnAt + tempo.paceMs : nextFull(pace, tempo)
}
