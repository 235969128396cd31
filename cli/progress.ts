/**
 * A run as it goes, for people: one live line on a terminal, plain lines now and then elsewhere,
 * and a line at the end.
 */
import { oneLine } from '../core/base/index.ts'
import {
  factsOfTask,
  hasSamples,
  methodTitle,
  networkTitle,
  type RunConfig,
} from '../core/config/index.ts'
import type { RunEvent } from '../core/engine/index.ts'
import type { NetworkForecast } from '../core/federation/index.ts'
import type { MetricsRow, RunRecord } from '../core/runs/index.ts'
import { shortPath } from './context.ts'
import { Pace } from './pace.ts'
import { qualityFacts } from './qualityFacts.ts'
import { widthOf, type Terminal } from './terminal.ts'
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatLoss,
  formatPlural,
  formatRate,
  formatShare,
} from './units.ts'

export interface ProgressOptions {
  readonly terminal: Terminal
  readonly cwd: string
  /** Monotonic milliseconds. */
  now(): number
  /** Whether the first round waits for real clients: how long tells nothing about the others. */
  readonly isServed?: boolean
}

/** Ten redraws a second look smooth and cost nothing. */
const redrawMs = 100
/** Evaluations are printed at most this often where lines stay… */
const evaluationMs = 1_000
/** …and without any, a line shows that the run is alive. */
const aliveMs = 5_000
/** Longer rounds show how long they have been going on… */
const longRoundMs = 10_000
/** …and where lines stay, no more often than this. */
const quietMs = 30_000
const barWidth = 16
const wideColumns = 110

export class Progress {
  readonly #options: ProgressOptions
  readonly #pace = new Pace()
  /** Rounds seen in this sitting, and the best accuracy among them. */
  #seen = 0
  #best: number | undefined
  #config: RunConfig | undefined
  #shownAt = -Infinity
  /** Rounds that are complete, and when the one after them began. */
  #round = 0
  #roundBegunAt = 0
  /** The newest row with an evaluation. */
  #evaluated: MetricsRow | undefined

  constructor(options: ProgressOptions) {
    this.#options = options
  }

  /** Called now and then: a round that takes long is seen to be going on. */
  tick(): void {
    const { terminal, isServed = false } = this.#options
    const now = this.#options.now()
    const inRoundMs = now - this.#roundBegunAt
    if (this.#config === undefined || isServed || inRoundMs < longRoundMs) return
    const { rounds } = this.#config.federation
    if (this.#round >= rounds) return
    const text = `round ${formatCount(this.#round + 1)}/${formatCount(rounds)}   for ${formatDuration(inRoundMs)} so far`
    if (terminal.isInteractive) terminal.redraw(liveLine([text], this.#round / rounds, terminal))
    else if (now - this.#shownAt >= quietMs) {
      this.#shownAt = now
      terminal.print(`  ${text}`)
    }
  }

  /** How long a round takes at the present pace; undefined before the first has ended. */
  get roundMs(): number | undefined {
    const rate = this.#seen === 0 ? undefined : this.#pace.roundsPerSecond
    return rate && 1000 / rate
  }

  show(event: RunEvent): void {
    const { terminal, cwd } = this.#options
    switch (event.type) {
      case 'opened':
        this.#config = event.config
        this.#pace.start(this.#options.now(), event.resumedAt)
        this.#beginRound(event.resumedAt)
        terminal.print(openingText(event, terminal, cwd))
        break
      case 'roundCompleted':
        this.#showRound(event.row)
        this.#beginRound(event.row.round)
        break
      case 'noticed':
        terminal.print(
          event.isInformation === true
            ? `  ${oneLine(event.text)}`
            : `  ${terminal.paint('yellow', '!')} ${oneLine(event.text)}`,
        )
        break
      case 'ended':
        terminal.clearLive()
        // Of a resumed run not all rounds were seen.
        terminal.print(
          endingText(
            event.record,
            this.#seen === event.record.rounds ? this.#best : undefined,
            terminal,
          ),
        )
        break
      default:
        break
    }
  }

  #beginRound(complete: number): void {
    this.#round = complete
    this.#roundBegunAt = this.#options.now()
  }

  #showRound(row: MetricsRow): void {
    const now = this.#options.now()
    const rounds = this.#config!.federation.rounds
    const isEvaluation = row.testLoss !== undefined
    this.#seen++
    if (row.testAccuracy !== undefined)
      this.#best = Math.max(row.testAccuracy, this.#best ?? row.testAccuracy)
    if (this.#seen === 1 && this.#options.isServed === true) this.#pace.start(now, row.round)
    else this.#pace.advance(now, row.round)
    if (isEvaluation) this.#evaluated = row
    const isEdge = row.round === rounds || this.#seen === 1
    const { terminal } = this.#options
    const wait = terminal.isInteractive ? redrawMs : isEvaluation ? evaluationMs : aliveMs
    if (!isEdge && now - this.#shownAt < wait) return
    this.#shownAt = now
    const fields = progressFields(row, this.#evaluated, rounds, this.#pace)
    if (terminal.isInteractive) terminal.redraw(liveLine(fields, row.round / rounds, terminal))
    else terminal.print(`  ${fields.join('   ')}`)
  }
}

/** What there is to say of a round, the most important first. */
function progressFields(
  row: MetricsRow,
  evaluated: MetricsRow | undefined,
  rounds: number,
  pace: Pick<Pace, 'roundsPerSecond'>,
): string[] {
  const rate = pace.roundsPerSecond
  const loss =
    evaluated?.testLoss === undefined
      ? row.trainLoss === undefined
        ? []
        : [`train loss ${formatLoss(row.trainLoss)}`]
      : [`test loss ${formatLoss(evaluated.testLoss)}`]
  return [
    `round ${formatCount(row.round).padStart(formatCount(rounds).length)}/${formatCount(rounds)}`,
    ...qualityFacts(evaluated),
    ...loss,
    ...(row.epsilon === undefined ? [] : [`ε ${formatLoss(row.epsilon)}`]),
    `↑${formatBytes(row.cumulativeUplinkBytes)} ↓${formatBytes(row.cumulativeDownlinkBytes)}`,
    ...(rate === undefined || row.round === rounds
      ? []
      : [`${formatDuration(((rounds - row.round) / rate) * 1000)} left`]),
    ...(rate === undefined ? [] : [formatRate(rate)]),
  ]
}

/** As many fields as fit into the terminal, and a bar if there is room for all. */
export function liveLine(fields: readonly string[], share: number, terminal: Terminal): string {
  const bar = terminal.columns < wideColumns ? '' : `${progressBar(share, terminal)}  `
  let line = `  ${bar}${fields[0]!}`
  for (const field of fields.slice(1)) {
    const longer = `${line}  ${field}`
    if (widthOf(longer) >= terminal.columns) break
    line = longer
  }
  return line
}

function progressBar(share: number, terminal: Terminal): string {
  const full = Math.min(barWidth, Math.floor(share * barWidth))
  return (
    terminal.paint('cyan', '━'.repeat(full)) + terminal.paint('dim', '─'.repeat(barWidth - full))
  )
}

function openingText(
  event: Extract<RunEvent, { type: 'opened' }>,
  terminal: Terminal,
  cwd: string,
): string {
  const { config, record, folder, resumedAt, workers, network } = event
  const { provider } = record.environment
  const facts = [
    hasSamples(config.task)
      ? `${lastPart(config.task.dataset)}, ${lastPart(config.task.model)}`
      : factsOfTask(config.task).title,
    formatPlural(record.model.dim, 'parameter'),
    `${formatCount(config.federation.participants)} of ${formatPlural(config.federation.clients, 'client')} per round`,
    formatPlural(workers, 'worker') + (provider === undefined ? '' : ` on ${provider}`),
  ]
  return [
    '',
    `  ${terminal.paint('bold', config.name)} ${terminal.paint('dim', 'with')} ${terminal.paint('bold', methodTitle(config.method.name))}${resumedText(resumedAt, config.federation.rounds)}`,
    `  ${terminal.paint('dim', facts.join(' · '))}`,
    ...(network === undefined ? [] : [networkText(network, config, terminal)]),
    `  ${terminal.paint('dim', shortPath(folder, cwd))}`,
    '',
  ].join('\n')
}

/** Simulated time of this length deserves a warning. */
const longMs = 14 * 86_400_000

/** What the run is to take on its network. */
function networkText(
  { secondsPerRound, lateShare }: NetworkForecast,
  config: RunConfig,
  terminal: Terminal,
): string {
  const allMs = 1000 * secondsPerRound * config.federation.rounds
  const late =
    lateShare === 0 ? '' : `, ${formatShare(lateShare)} of the answers behind the deadline`
  const text = `on ${networkTitle(config)} that would take ${formatDuration(allMs)}, ${formatDuration(1000 * secondsPerRound)} a round${late}`
  return `  ${terminal.paint(allMs < longMs ? 'dim' : 'yellow', text)}`
}

function resumedText(resumedAt: number, rounds: number): string {
  if (resumedAt === 0) return ''
  return resumedAt < rounds ? `, from round ${formatCount(resumedAt + 1)} on` : ', finished already'
}

/** @param best accuracy of all rounds, if it is known */
function endingText(record: RunRecord, best: number | undefined, terminal: Terminal): string {
  const { initial, latest, totals } = record
  const facts = [
    ...qualityFacts(latest),
    ...(best === undefined || best === latest.testAccuracy ? [] : [`best ${formatShare(best)}`]),
    ...qualityFacts(initial).map((fact) => `zero-shot ${fact.replace('accuracy ', '')}`),
    ...(latest.testLoss === undefined ? [] : [`test loss ${formatLoss(latest.testLoss)}`]),
    `${formatBytes(totals.uplinkBytes)} up, ${formatBytes(totals.downlinkBytes)} down`,
  ]
  return `  ${marks[record.status](terminal)} ${record.status} after ${formatPlural(record.rounds, 'round')} in ${formatDuration(totals.elapsedMs)}\n    ${facts.join(', ')}`
}

const marks: Readonly<Record<RunRecord['status'], (terminal: Terminal) => string>> = {
  finished: (terminal) => terminal.paint('green', '✓'),
  stopped: (terminal) => terminal.paint('yellow', '■'),
  running: (terminal) => terminal.paint('yellow', '■'),
  failed: (terminal) => terminal.paint('red', '✗'),
}

/** The last part of a path; a name as it is. */
function lastPart(path: string): string {
  return path.split(/[\\/]/).findLast((part) => part !== '') ?? path
}
