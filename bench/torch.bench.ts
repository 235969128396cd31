/**
 * Is it faster than plain PyTorch? Settings a, b, c beside the plain loop of zo_loop.py on two
 * threads, taken in turns; needs Debian's python3-torch and libopenblas0-openmp.
 *
 * Two figures each: as users run their loop, where a participant replays what it has missed, and
 * the same work, with that replay taken out.
 *
 * Beside them how many multiplications and additions a second our round does, and the rate of large
 * products, which it can't beat.
 *
 * Run: npm run bench -- torch LOOP.py [a b c]
 */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import type { RunConfig } from '../core/config/index.ts'
import { printTable } from './markdown.ts'
import { largestRate, megaflops } from './multiplications.ts'
import { createBenchHost, inTemporaryFolder, medianOf, medianRoundMs } from './play.ts'
import { speedSettings } from './settings.ts'

const turns = 3
/** Rounds per turn. */
const torchRounds = { a: 15, b: 2, c: 2 } as Readonly<Record<string, number>>
const ownRounds = { a: 60, b: 20, c: 10 } as Readonly<Record<string, number>>
const warmUp = 4

interface TorchResult {
  readonly roundSeconds: number
  readonly overForwards: number
  readonly peakRssMiB: number
  readonly dimension: number
}

const [script, ...names] = process.argv.slice(2)
if (script === undefined) throw new Error('say where zo_loop.py is')
const host = createBenchHost()
await inTemporaryFolder(async (folder) => {
  const rows = []
  const limit = await largestRate(2)
  const withoutCatchUp = join(folder, 'zo_loop_same_work.py')
  writeFileSync(withoutCatchUp, withoutReplay(readFileSync(script, 'utf8')))
  for (const { name, config, torchArguments } of speedSettings(folder, 1000)) {
    if (names.length > 0 && !names.includes(name)) continue
    const theirs: TorchResult[] = []
    const sameWork: TorchResult[] = []
    const ours: number[] = []
    for (let turn = 0; turn < turns; turn++) {
      ours.push(
        await medianRoundMs(
          host,
          { ...config, federation: { ...config.federation, rounds: warmUp + ownRounds[name]! } },
          warmUp,
        ),
      )
      const args = [...torchArguments, '--rounds', String(torchRounds[name])]
      theirs.push(torchRound(script, args))
      sameWork.push(torchRound(withoutCatchUp, args))
      const [replaying, not] = [theirs, sameWork].map((all) =>
        (1000 * all.at(-1)!.roundSeconds).toFixed(1),
      )
      console.error(`${name}: ${ours.at(-1)!.toFixed(1)} ms, torch ${replaying} ms, ${not} ms`)
    }
    const sameWorkMs = 1000 * medianOf(sameWork.map(({ roundSeconds }) => roundSeconds))
    const theirsMs = 1000 * medianOf(theirs.map(({ roundSeconds }) => roundSeconds))
    const oursMs = medianOf(ours)
    rows.push([
      name,
      theirs[0]!.dimension.toLocaleString('en'),
      oursMs.toFixed(1),
      theirsMs.toFixed(1),
      `${(theirsMs / oursMs).toFixed(1)}×`,
      sameWorkMs.toFixed(1),
      `${(sameWorkMs / oursMs).toFixed(1)}×`,
      (gigaflopsOf(config) / (oursMs / 1000)).toFixed(0),
      medianOf(theirs.map(({ overForwards }) => overForwards)).toFixed(2),
      medianOf(theirs.map(({ peakRssMiB }) => peakRssMiB)).toFixed(0),
    ])
  }
  console.log(
    `Time of a round, HiSo, 2 workers beside 2 threads; medians of ${turns} turns, load ${loadavg()[0]!.toFixed(1)}; large products on both cores: ${limit.toFixed(0)} GFLOP/s\n`,
  )
  printTable(
    [
      'setting',
      '>d',
      '>ours, ms',
      '>PyTorch, ms',
      '>faster',
      '>PyTorch, same work, ms',
      '>faster',
      '>ours, GFLOP/s',
      '>PyTorch over its forwards',
      '>PyTorch peak, MiB',
    ],
    rows,
  )
})

/**
 * Their loop without the replay of missed rounds, which we leave to workers that are up to date.
 */
function withoutReplay(program: string): string {
  const replay = 'for s, g in log[seen[c]:]:'
  if (!program.includes(replay)) throw new Error(`${script} has no line "${replay}"`)
  return program.replace(replay, 'for s, g in []:')
}

/** Of a round's forward passes. */
function gigaflopsOf({ task, federation, method }: RunConfig): number {
  if (task.kind !== 'classification' || !('perturbations' in method))
    throw new Error('the settings are of scalar-only classification')
  const { participants, localSteps, batchSize } = federation
  const samples = participants * localSteps * (method.perturbations + 1) * batchSize
  return (samples * megaflops[task.model]!) / 1000
}

function torchRound(program: string, args: readonly string[]): TorchResult {
  const line = execFileSync('/usr/bin/python3', [program, ...args, '--threads', '2'], {
    encoding: 'utf8',
  })
  return JSON.parse(line) as TorchResult
}
