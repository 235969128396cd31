/**
 * How long a batch will take and how much it will send: measured for some of its configs, carried
 * over to the rest.
 */
import type { RunConfig } from '../../../core/config/index.ts'
import type { RunEstimate } from '../../../core/engine/index.ts'

export interface Forecast {
  /** Seconds of all runs one after the other. */
  readonly seconds: number
  readonly bytes: number
  /** Largest memory of a single run. */
  readonly memoryBytes: number
}

/** Measuring plays a round each: this many are enough to tell. */
const measuredAtMost = 12

/** Configs that differ only in seed, name or rounds cost the same per round. */
function costKey({
  seed: _seed,
  name: _name,
  federation,
  evaluation: _evaluation,
  ...rest
}: RunConfig): string {
  return JSON.stringify({ ...rest, federation: { ...federation, rounds: 0 } })
}

export async function forecastBatch(
  configs: readonly RunConfig[],
  estimate: (config: RunConfig) => Promise<RunEstimate>,
  isWanted: () => boolean,
): Promise<Forecast | undefined> {
  const groups = new Map<string, RunConfig[]>()
  for (const config of configs) {
    const key = costKey(config)
    groups.set(key, [...(groups.get(key) ?? []), config])
  }
  const measured: Forecast[] = []
  let roundsMeasured = 0
  let rounds = 0
  for (const config of configs) rounds += config.federation.rounds
  for (const group of [...groups.values()].slice(0, measuredAtMost)) {
    const found = await estimate(group[0]!)
    if (!isWanted()) return undefined
    const groupRounds = group.reduce((sum, { federation }) => sum + federation.rounds, 0)
    roundsMeasured += groupRounds
    measured.push({
      seconds: found.secondsPerRound * groupRounds,
      bytes: (found.uplinkBytes + found.downlinkBytes) * groupRounds,
      memoryBytes: found.memoryBytes,
    })
  }
  if (roundsMeasured === 0) return undefined
  const carry = rounds / roundsMeasured
  return {
    seconds: carry * measured.reduce((sum, { seconds }) => sum + seconds, 0),
    bytes: carry * measured.reduce((sum, { bytes }) => sum + bytes, 0),
    memoryBytes: Math.max(...measured.map(({ memoryBytes }) => memoryBytes)),
  }
}
