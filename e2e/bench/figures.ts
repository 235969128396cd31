/** What benches say of the numbers that they took. */
import { loadavg } from 'node:os'

/** The value that a share of the sample does not exceed. */
export function quantile(sample: readonly number[], share: number): number {
  const sorted = [...sample].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? NaN
}

export function printLoad(): void {
  console.log(`\nLoad average of the last minute: ${loadavg()[0]!.toFixed(1)}\n`)
}
