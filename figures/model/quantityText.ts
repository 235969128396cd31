/** Quantities as people read them; always for display, never parsed back. */

/** 640 B, 12.5 kB, 3.2 MB: decimal, as networks count. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return '–'
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']
  let value = bytes
  let unit = 0
  while (Math.abs(value) >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit === 0 ? Math.round(value) : Number(value.toPrecision(3))} ${units[unit]!}`
}

/** 1,234 or 12.3 M */
export function formatCount(count: number): string {
  if (!Number.isFinite(count)) return '–'
  if (Math.abs(count) < 1e6) return Math.round(count).toLocaleString('en-US')
  const [divisor, suffix] = Math.abs(count) < 1e9 ? [1e6, 'M'] : [1e9, 'G']
  return `${Number((count / divisor).toPrecision(3))} ${suffix}`
}

/** 0.4 s, 12 s, 3 min 20 s, 2 h 5 min, 3 days, 7 weeks */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) return '–'
  if (ms < 1) return `${Number(ms.toPrecision(2))} ms`
  if (ms < 950) return `${Math.round(ms)} ms`
  const seconds = ms / 1000
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return `${minutes} min${whole % 60 ? ` ${whole % 60} s` : ''}`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return `${hours} h${minutes % 60 ? ` ${minutes % 60} min` : ''}`
  const days = Math.round(hours / 24)
  return days < 14 ? `${days} days` : `${formatCount(days / 7)} weeks`
}

/** 0.873 as 87.3 % */
export function formatShare(share: number | undefined): string {
  return share === undefined || Number.isNaN(share) ? '–' : `${(share * 100).toFixed(1)} %`
}

/** A measured value in four digits. */
export function formatValue(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '–'
  if (value === 0) return '0'
  const magnitude = Math.abs(value)
  if (magnitude >= 1e6 || magnitude < 1e-3) return value.toExponential(2).replace('e+', 'e')
  return String(Number(value.toPrecision(4)))
}
