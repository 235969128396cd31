/**
 * How much time rounds will take on a simulated network, before anything is computed: some rounds
 * of the run, with frames of the length that they will have.
 */
import { roundTimes } from '../network/index.ts'
import { log } from '../random/index.ts'
import { encode, type RoundEntry } from '../wire/index.ts'
import { CatchUpRule } from './catchUp.ts'
import { createExchange, type ExchangeConfig } from './createExchange.ts'
import type { Exchange } from './exchange.ts'
import { answeringOf, participantsOf } from './participation.ts'
import type { ServerConfig } from './server.ts'

/** At most so many rounds are looked at, so many participants of each, and so many in all. */
const mostRounds = 32
const mostOfRound = 5000
const mostInAll = 20_000

/** Nobody knows yet which settings will be changed. */
const unchanged = { changed: 0, pending: 0 }

export interface NetworkForecast {
  readonly secondsPerRound: number
  /** Share of the participants whose answers will come too late. */
  readonly lateShare: number
}

/**
 * @param dim d
 * @returns undefined without a network
 */
export function forecastNetwork(config: ServerConfig, dim: number): NetworkForecast | undefined {
  const { network, devices, federation, seed } = config
  if (network.kind === 'none') return undefined
  const { clients, participants: count, rounds } = federation
  const exchange = createExchange(config)
  const rule = new CatchUpRule(config)
  // Where there are more, each stands for several.
  const drawn = { ...federation, participants: Math.min(count, mostOfRound) }
  const looked = Math.min(mostRounds, rounds, Math.ceil(mostInAll / drawn.participants))
  let seconds = 0
  let late = 0
  for (let index = 0; index < looked; index++) {
    const round = Math.floor(((index + 0.5) * rounds) / looked)
    const lengths = frameLengths(exchange, federation.localSteps, round, dim)
    const work = exchange.workOf(round)
    const participants = participantsOf(drawn, seed, round)
    const answering = new Set(answeringOf(participants, federation, seed, round))
    const times = roundTimes(
      { link: network, devices, seed },
      {
        round,
        startsAt: (seconds / Math.max(1, index)) * round,
        passes: work.passes,
        weight: count / drawn.participants,
        participants: Array.from(participants, (client, at) => {
          const missed = missedRounds(count / clients, round, (at + 0.5) / participants.length)
          const replayed = lengths.entry * missed
          const own = { ...unchanged, round, rounds: missed, bytes: replayed }
          const { kind, bytes } = rule.choose(own, dim)
          return {
            client,
            kind,
            downBytes: lengths.opening + bytes,
            upBytes: work.replyBytes(client),
            answers: answering.has(client),
          }
        }),
      },
    )
    seconds += times.closedAt
    late += times.answeredAt.filter((at) => at > times.closedAt).length
  }
  return { secondsPerRound: seconds / looked, lateShare: late / (looked * drawn.participants) }
}

/**
 * Rounds since a client took part, where each round calls it with the same probability: a quantile
 * of the geometric distribution, and not more than there were.
 */
function missedRounds(called: number, round: number, quantile: number): number {
  const since = called < 1 ? Math.ceil(log(1 - quantile) / log(1 - called)) : 1
  return Math.min(round, since)
}

/** Of a round's opening and of its entry in the log; none where nobody catches up. */
function frameLengths(exchange: Exchange, localSteps: number, round: number, dim: number) {
  const { method } = exchange
  if (method.protocol === 'vector') {
    const none = { aggregate: new Float32Array(), clientVectors: [], control: new Float32Array() }
    const entry: RoundEntry = { type: 'vectorEntry', round, dim, ...none }
    return { opening: exchange.lengthsOf(entry).opening, entry: 0 }
  }
  const scalarsPerStep = method.perturbations(round) * method.estimator(round).scalarsPerDirection
  const scalars = new Float32Array(localSteps * scalarsPerStep)
  const entry = exchange.entry(round, [
    { type: 'reply', round, client: 0, scalarsPerStep, scalars },
  ])
  return { opening: exchange.lengthsOf(entry).opening, entry: encode(entry).length }
}

/** Quantiles of the rounds that a participant has missed, over which its catch-up is averaged. */
const averaged = 200

/**
 * What a participant is sent to catch up, on average over a long run.
 * @param entryBytes of a round's entry in the log
 * @param dim d
 */
export function usualCatchUpBytes(config: ExchangeConfig, entryBytes: number, dim: number): number {
  const { participants, clients, rounds } = config.federation
  const rule = new CatchUpRule(config)
  if (!rule.hasSnapshots) return (entryBytes * clients) / participants
  let sum = 0
  for (let at = 0; at < averaged; at++) {
    const missed = missedRounds(participants / clients, rounds, (at + 0.5) / averaged)
    const bytes = entryBytes * missed
    sum += rule.choose({ ...unchanged, round: rounds, rounds: missed, bytes }, dim).bytes
  }
  return sum / averaged
}
