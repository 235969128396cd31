/**
 * How long a batch will take and how much it will send: measured for its configs one after the
 * other, carried over to those that are not measured yet.
 */
import type { RunConfig } from '../../../core/config/index.ts'
import type { RunEstimate } from '../../../core/engine/index.ts'

export interface Forecast {
  /** Seconds of all runs, so many at once. */
  readonly seconds: number
  readonly bytes: number
  /** Kinds of runs that were measured, of all. */
  readonly measured: number
  readonly kinds: number
}

/** Measuring plays a round each: this many are enough to tell. */
const measuredAtMost = 12

/** Configs that differ only in seed, name, rounds or learning rate cost the same per round. */
export function costKey({
  seed: _seed,
  name: _name,
  federation,
  method,
  evaluation: _evaluation,
  ...rest
}: RunConfig): string {
  return JSON.stringify({
    ...rest,
    federation: { ...federation, rounds: 0 },
    method: { ...method, learningRate: 0 },
  })
}

export interface ForecastAsked {
  readonly configs: readonly RunConfig[]
  /** Runs side by side. */
  readonly atOnce: number
  /** Plays a round of a config as it will be played: with its share of the cores. */
  readonly estimate: (config: RunConfig) => Promise<RunEstimate>
  /** Asked after every measurement: whether the batch is still this one. */
  readonly isWanted: () => boolean
  /** Receives what is known after every measurement. */
  readonly refined: (forecast: Forecast) => void
}

export async function forecastBatch(asked: ForecastAsked): Promise<Forecast | undefined> {
  const { configs, atOnce, estimate, isWanted, refined } = asked
  const groups = new Map<string, RunConfig[]>()
  let rounds = 0
  for (const config of configs) {
    rounds += config.federation.rounds
    const key = costKey(config)
    groups.set(key, [...(groups.get(key) ?? []), config])
  }
  let [roundsMeasured, seconds, bytes, measured] = [0, 0, 0, 0]
  let forecast: Forecast | undefined
  for (const group of [...groups.values()].slice(0, measuredAtMost)) {
    const found = await estimate(group[0]!)
    if (!isWanted()) return undefined
    const groupRounds = group.reduce((sum, { federation }) => sum + federation.rounds, 0)
    roundsMeasured += groupRounds
    seconds += found.secondsPerRound * groupRounds
    bytes += (found.uplinkBytes + found.downlinkBytes) * groupRounds
    measured++
    const carry = rounds / roundsMeasured
    forecast = {
      seconds: (carry * seconds) / Math.min(atOnce, configs.length),
      bytes: carry * bytes,
      measured,
      kinds: groups.size,
    }
    refined(forecast)
  }
  return forecast
}
