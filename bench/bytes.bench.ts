/**
 * Do the bytes agree with theory? Encoded frames of whole runs beside (M + m)·(4τP + 4), the seed
 * having 4 bytes; then one participant's round beside the paper's 4 bytes per scalar, for a small
 * and a large model.
 *
 * Run: npm run bench -- bytes
 */
import { parseRunConfig, type RunConfig } from '../core/config/index.ts'
import { encode, paperBytes } from '../core/wire/index.ts'
import { printTable } from './markdown.ts'
import { createBenchHost, play } from './play.ts'

const seedBytes = 4
const scalarBytes = 4
/**
 * Rounds that are left out, until nearly every client has taken part: the first catch-up of a
 * client goes back to round 1.
 */
const warmUpTurns = 8
/**
 * Rounds that are measured, in turns of M/m: the sampling noise of catch-up telescopes away over
 * many.
 */
const measuredTurns = 40

interface Federation {
  readonly clients: number
  readonly participants: number
  readonly localSteps: number
  readonly perturbations: number
}

const host = createBenchHost()
await steadyState()
await perParticipant()

async function steadyState(): Promise<void> {
  const settings: Federation[] = [
    { clients: 8, participants: 8, localSteps: 1, perturbations: 20 },
    { clients: 8, participants: 2, localSteps: 1, perturbations: 5 },
    { clients: 100, participants: 10, localSteps: 5, perturbations: 10 },
    { clients: 1000, participants: 10, localSteps: 1, perturbations: 5 },
    { clients: 1000, participants: 100, localSteps: 2, perturbations: 50 },
  ]
  const rows = []
  for (const setting of settings) {
    const { clients, participants, localSteps, perturbations } = setting
    const turn = Math.ceil(clients / participants)
    const warmUp = Math.max(50, warmUpTurns * turn)
    const rounds = Math.max(250, measuredTurns * turn)
    const all = await rowsOf(configOf(setting, 100, warmUp + rounds))
    const steady = all.slice(warmUp)
    const mean = (column: 'uplinkBytes' | 'downlinkBytes' | 'catchUpBytes') =>
      steady.reduce((sum, row) => sum + row[column], 0) / steady.length
    const measured = mean('uplinkBytes') + mean('downlinkBytes')
    const formula =
      (clients + participants) * (scalarBytes * localSteps * perturbations + seedBytes)
    // M entries caught up with, m assignments, m replies.
    const frames = clients + 2 * participants
    rows.push([
      clients,
      participants,
      localSteps,
      perturbations,
      formula,
      measured.toFixed(0),
      `${(100 * (measured / formula - 1)).toFixed(1)}%`,
      ((measured - formula) / frames).toFixed(1),
      `${((100 * mean('catchUpBytes')) / measured).toFixed(0)}%`,
      `${(measured / paperBytes(participants, localSteps, perturbations)).toFixed(1)}×`,
    ])
  }
  console.log('Bytes per round in steady state, both directions, all participants together\n')
  printTable(
    [
      '>M',
      '>m',
      '>τ',
      '>P',
      '>(M + m)·(4τP + 4)',
      '>measured',
      '>more by',
      '>bytes more per frame',
      '>catch-up',
      ">of the paper's",
    ],
    rows,
  )
}

async function perParticipant(): Promise<void> {
  const rows = []
  for (const [localSteps, perturbations] of [
    [1, 5],
    [1, 20],
    [5, 5],
    [5, 10],
    [20, 1],
  ] as const) {
    const setting = { clients: 4, participants: 4, localSteps, perturbations }
    const perRound = []
    for (const dim of [7850, 1_000_000]) {
      const { uplinkBytes, downlinkBytes, catchUpBytes } = (
        await rowsOf(configOf(setting, dim, 4))
      ).at(-1)!
      perRound.push({ own: uplinkBytes + downlinkBytes - catchUpBytes, catchUpBytes })
    }
    const [small, large] = perRound
    if (JSON.stringify(small) !== JSON.stringify(large)) throw new Error('bytes depend on d')
    const bytes = (small!.own + small!.catchUpBytes) / setting.participants
    const paper = paperBytes(1, localSteps, perturbations)
    rows.push([
      localSteps,
      perturbations,
      paper,
      bytes,
      bytes - paper,
      2 * seedBytes,
      bytes - paper - 2 * seedBytes,
    ])
  }
  console.log(
    'One participant’s round, up and down, everybody taking part (its catch-up is the round before): the same for d = 7,850 and d = 1,000,000\n',
  )
  printTable(
    [
      '>τ',
      '>P',
      ">the paper's 2·4·τ·P",
      '>measured',
      '>more',
      '>of it the seed, in assignment and entry',
      '>of it frames',
    ],
    rows,
  )
  const bare = encode({ type: 'assignment', round: 1000, localSteps: 1, seed: 0 }).length
  console.log(`(The assignment of round 1,001 has ${bare} bytes.)`)
}

function configOf(federation: Federation, dim: number, rounds: number): RunConfig {
  const { perturbations, ...rest } = federation
  return parseRunConfig({
    name: 'bytes',
    task: { kind: 'quadratic', dim },
    federation: { ...rest, rounds },
    method: { name: 'hiso', learningRate: 1e-5, perturbations },
    evaluation: { every: rounds },
    compute: { workers: 1 },
  })
}

async function rowsOf(config: RunConfig) {
  const { record, rows } = await play(host, config)
  if (record.status !== 'finished') throw new Error(record.error?.message)
  return rows
}
