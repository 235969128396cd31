/**
 * Numbers as people read them: bytes, durations, counts, shares. Files and `--json` hold full
 * precision instead.
 */

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const

/** Decimal units, three digits: 999 B, 1.20 kB, 34.5 MB. */
export function formatBytes(bytes: number): string {
  let unit = 0
  let value = bytes
  while (unit < byteUnits.length - 1 && roundTo3(value) >= 1000) {
    value /= 1000
    unit++
  }
  return `${unit === 0 ? String(value) : threeDigits(value)} ${byteUnits[unit]!}`
}

/** 0.12 ms, 820 ms, 3.2 s, 45 s, 2 min 5 s, 1 h 3 min, 3 days, 7 weeks. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds > 0 && milliseconds < 9.95) return `${Number(milliseconds.toPrecision(2))} ms`
  if (milliseconds < 995) return `${Math.round(milliseconds)} ms`
  const seconds = milliseconds / 1000
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return joinUnits(Math.floor(whole / 60), 'min', whole % 60, 's')
  const minutes = Math.round(seconds / 60)
  if (minutes < 48 * 60) return joinUnits(Math.floor(minutes / 60), 'h', minutes % 60, 'min')
  const days = Math.round(minutes / 1440)
  return days < 14 ? `${days} days` : `${formatCount(days / 7)} weeks`
}

/**
 * Made once: `toLocaleString` makes one every time, which takes longer than all else in a long
 * table.
 */
const counts = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** 28,938 */
export function formatCount(count: number): string {
  return counts.format(count)
}

/** 0.523 → 52.3% */
export function formatShare(share: number): string {
  return `${(share * 100).toFixed(1)}%`
}

/** Four digits: 2.303, 0.01234, 1.234e-7. */
export function formatLoss(loss: number): string {
  if (!Number.isFinite(loss)) return String(loss)
  const size = Math.abs(loss)
  if (size !== 0 && (size < 1e-4 || size >= 1e6)) return loss.toExponential(3).replace('e+', 'e')
  return size >= 1000 ? loss.toFixed(0) : loss.toPrecision(4)
}

/** 31 rounds/s, 2.5 rounds/s, 4.0 s/round. */
export function formatRate(roundsPerSecond: number): string {
  if (roundsPerSecond < 1) return `${(1 / roundsPerSecond).toFixed(1)} s/round`
  return `${roundsPerSecond < 9.95 ? roundsPerSecond.toFixed(1) : formatCount(roundsPerSecond)} rounds/s`
}

/** 1.52×, 1/349×; how many times cheaper one thing is than another. */
export function formatFactor(factor: number): string {
  if (factor > 0 && factor < 0.05) return `1/${formatCount(1 / factor)}×`
  return `${factor < 9.995 ? factor.toFixed(2) : factor < 99.95 ? factor.toFixed(1) : formatCount(factor)}×`
}

/** 1 round, 2 rounds */
export function formatPlural(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`
}

const roundTo3 = (value: number) => Number(value.toPrecision(3))

function threeDigits(value: number): string {
  const rounded = roundTo3(value)
  return rounded.toFixed(rounded < 10 ? 2 : rounded < 100 ? 1 : 0)
}

function joinUnits(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`
}
