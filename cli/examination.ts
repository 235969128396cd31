/**
 * A look at a run's curvature from the terminal: what it has to compute is said first, then
 * how far it is; Ctrl-C ends it in order.
 */
import { HisoError } from '../core/base/index.ts'
import {
  curvatureDefaults,
  examineCurvature,
  type CurvatureReport,
  type CurvatureSettings,
  type CurvatureWork,
} from '../core/engine/index.ts'
import type { CommandContext } from './context.ts'
import { exitCodeOfSignal, type Signal } from './exitCodes.ts'
import { Interruption } from './interruption.ts'
import { ShareProgress } from './shareProgress.ts'
import { formatCount } from './units.ts'

/** Shorter work says nothing of itself. */
const quietMs = 1000

interface Examined {
  /** What is finished. */
  readonly report: CurvatureReport
  /** What ended it early. */
  readonly signal: Signal | undefined
}

/** As written on the command line; what is left out is the Hessian lab's. */
interface ExaminationOptions {
  readonly rounds?: string
  readonly probes?: string
  readonly samples?: string
}

/** @throws HisoError as `examineCurvature` does */
export async function examineFromTerminal(
  { host, terminal }: Pick<CommandContext, 'host' | 'terminal'>,
  folder: string,
  settings: CurvatureSettings,
): Promise<Examined> {
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
  let began = 0
  let unsaid: CurvatureWork | undefined
  try {
    const report = await examineCurvature(host, folder, settings, {
      began: (work) => {
        began = host.now()
        unsaid = work
      },
      progressed: (share) => {
        if (unsaid !== undefined && host.now() - began > quietMs) {
          terminal.tell(workText(unsaid))
          unsaid = undefined
        }
        progress.show(share)
      },
      isCancelled: () => interruption.signal !== undefined,
    })
    return { report, signal: interruption.signal }
  } finally {
    terminal.clearLive()
    interruption.close()
    terminal.onReaderGone = undefined
  }
}

function workText({ round, passes, samples }: CurvatureWork): string {
  const over = samples === undefined ? '' : ` over ${formatCount(samples)} samples`
  return (
    `  Round ${round} takes ${formatCount(Math.round(passes))} forward passes${over}. ` +
    'Fewer --probes or --samples take less; Ctrl-C ends it.'
  )
}

export function examinationSettings({
  rounds,
  probes,
  samples,
}: ExaminationOptions): CurvatureSettings {
  return {
    rounds:
      rounds === undefined
        ? curvatureDefaults.rounds
        : rounds
            .split(',')
            .map((word) => (word.trim() === 'last' ? 'last' : integer('rounds', word))),
    probes:
      probes === undefined
        ? curvatureDefaults.probes
        : probes === 'exact'
          ? probes
          : integer('probes', probes),
    samples: samples === undefined ? curvatureDefaults.samples : integer('samples', samples),
  }
}

function integer(option: 'rounds' | 'probes' | 'samples', word: string): number {
  // 000 is the end of 1,000, and 05 that of 1,05.
  if (/^\s*(0|[1-9]\d*)\s*$/.test(word)) return Number(word)
  throw new HisoError('CONFIG_INVALID', {
    where: `--${option}`,
    what: `"${word}" is not a whole number`,
    remedy:
      option === 'rounds'
        ? 'Name rounds with commas between, such as 0,100,last'
        : `Give a whole number${option === 'probes' ? ' from 2, or exact' : ''}`,
  })
}
