/** `hiso curvature`: the learned H of a run against the true Hessian. */
import { resolve } from 'node:path'
import { HisoError } from '../../core/base/index.ts'
import {
  curvatureCsv,
  curvatureDefaults,
  examineCurvature,
  type CurvatureReport,
  type CurvatureSettings,
} from '../../core/engine/index.ts'
import { shortPath, type CommandContext } from '../context.ts'
import { formatCurvature } from '../curvatureReport.ts'
import { exitCodeOfSignal, exitCodes } from '../exitCodes.ts'
import { Interruption } from '../interruption.ts'
import { ShareProgress } from '../shareProgress.ts'
import { formatBytes } from '../units.ts'

export interface CurvatureOptions {
  readonly rounds: string
  readonly probes?: string
  readonly samples: string
  readonly out?: string
  readonly json?: boolean
}

/** Ctrl-C ends it in order: what is finished by then is printed. */
export async function curvature(
  { host, terminal, cwd }: CommandContext,
  run: string,
  options: CurvatureOptions,
): Promise<number> {
  const folder = resolve(cwd, run)
  const settings = settingsOf(options)
  const progress = new ShareProgress(terminal, 'Differentiating', () => host.now())
  const interruption = new Interruption({
    source: process,
    now: () => host.now(),
    onFirst: () => {},
    onSecond: (signal) => {
      terminal.clearLive()
      process.exit(exitCodeOfSignal(signal))
    },
  })
  terminal.onReaderGone = () => interruption.arrive('SIGPIPE')
  let report: CurvatureReport
  try {
    report = await examineCurvature(host, folder, settings, {
      progressed: (share) => progress.show(share),
      isCancelled: () => interruption.signal !== undefined,
    })
  } finally {
    terminal.clearLive()
    interruption.close()
    terminal.onReaderGone = undefined
  }
  if (options.json === true) terminal.print(JSON.stringify(report, plain))
  else if (report.rounds.length > 0) terminal.print(formatCurvature(report, terminal))
  if (options.out !== undefined && report.rounds.length > 0) {
    const path = resolve(cwd, options.out)
    const bytes = new TextEncoder().encode(curvatureCsv(report))
    await host.files.write(path, bytes)
    if (options.json !== true)
      terminal.print(`  Wrote ${shortPath(path, cwd)} (${formatBytes(bytes.length)})`)
  }
  return interruption.signal === undefined ? exitCodes.ok : exitCodeOfSignal(interruption.signal)
}

function settingsOf({ rounds, probes, samples }: CurvatureOptions): CurvatureSettings {
  return {
    rounds: rounds
      .split(',')
      .map((word) => (word.trim() === 'last' ? 'last' : integer('rounds', word))),
    probes:
      probes === undefined
        ? curvatureDefaults.probes
        : probes === 'exact'
          ? probes
          : integer('probes', probes),
    samples: integer('samples', samples),
  }
}

function integer(option: string, word: string): number {
  if (/^\s*\d+\s*$/.test(word)) return Number(word)
  throw new HisoError('CONFIG_INVALID', {
    where: `--${option}`,
    what: `"${word}" is not a whole number`,
    remedy:
      option === 'rounds'
        ? 'Name rounds with commas between, such as 0,100,last'
        : `Give a whole number${option === 'probes' ? ' from 2, or exact' : ''}`,
  })
}

/** Typed arrays as lists; JSON has no NaN, which becomes null. */
function plain(_key: string, value: unknown): unknown {
  return ArrayBuffer.isView(value) ? [...(value as Float64Array)] : value
}
