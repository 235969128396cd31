/** One rehearsed run: rows that look like learning, on a timer or all at once. */
import type { RunEvent } from '../../core/engine/index.ts'
import type { MetricSeries, RunAction } from '../../core/engine/index.ts'
import type { RunConfig } from '../../core/config/index.ts'
import {
  metricColumns,
  type MetricsRow,
  type RunRecord,
  type RunStatus,
} from '../../core/runs/index.ts'
import type { ChangeableSetting } from '../../core/wire/index.ts'
import { perturbationsOf } from './fakeConfigs.ts'

export class FakeRun {
  readonly rows: MetricsRow[] = []
  changes: { round: number; setting: ChangeableSetting; value: number }[] = []
  isLive = false
  readonly folder: string
  readonly config: RunConfig
  readonly #emit: (event: RunEvent) => void
  #status: RunStatus = 'running'
  #timer: ReturnType<typeof setInterval> | undefined
  #created = new Date(2026, 10, 20, 9, 30)

  constructor(folder: string, config: RunConfig, emit: (event: RunEvent) => void) {
    this.folder = folder
    this.config = config
    this.#emit = emit
  }

  get record(): RunRecord {
    const last = this.rows.at(-1)
    const tested = this.rows.findLast(({ testLoss }) => testLoss !== undefined)
    return {
      format: 1,
      name: this.config.name,
      status: this.#status,
      created: this.#created.toISOString(),
      rounds: this.rows.length,
      fingerprints: { dataset: 'd'.repeat(64), model: 'e'.repeat(64) },
      environment: { provider: 'cpu', workers: 2, onnxruntime: '1.30.0' },
      model: { dim: 28_938, trainables: [{ name: 'conv1.weight', shape: [16, 1, 5, 5] }] },
      totals: {
        uplinkBytes: last?.cumulativeUplinkBytes ?? 0,
        downlinkBytes: last?.cumulativeDownlinkBytes ?? 0,
        catchUpBytes: this.rows.reduce((sum, row) => sum + row.catchUpBytes, 0),
        forwardPasses: last?.cumulativeForwardPasses ?? 0,
        elapsedMs: last?.elapsedMs ?? 0,
      },
      latest: {
        ...(last?.trainLoss === undefined ? {} : { trainLoss: last.trainLoss }),
        ...(tested?.testLoss === undefined ? {} : { testLoss: tested.testLoss }),
        ...(tested?.testAccuracy === undefined ? {} : { testAccuracy: tested.testAccuracy }),
      },
      notices: [],
    }
  }

  /** Fills it as if it had been run some days ago. */
  playAll(daysAgo: number): void {
    this.#created = new Date(2026, 10, 21 - (daysAgo % 20), 9 + (daysAgo % 8), (daysAgo * 7) % 60)
    while (this.rows.length < this.config.federation.rounds) this.rows.push(this.#nextRow())
    this.#status = 'finished'
  }

  open(): void {
    this.isLive = true
    this.#status = 'running'
    this.#emit({
      type: 'opened',
      folder: this.folder,
      config: this.config,
      record: this.record,
      resumedAt: this.rows.length,
      workers: 2,
    })
  }

  play(roundMs: number): void {
    this.#timer = setInterval(() => this.step(), roundMs)
  }

  step(): void {
    const row = this.#nextRow()
    this.rows.push(row)
    this.#emit({ type: 'roundCompleted', row })
    if (this.rows.length >= this.config.federation.rounds) this.end('finished')
  }

  end(status: RunStatus): void {
    clearInterval(this.#timer)
    this.isLive = false
    this.#status = status
    this.#emit({ type: 'ended', record: this.record })
  }

  control(action: RunAction, roundMs: number): void {
    clearInterval(this.#timer)
    switch (action) {
      case 'pause':
        this.#emit({ type: 'paused', rounds: this.rows.length })
        return
      case 'step':
        this.step()
        if (this.isLive) this.#emit({ type: 'paused', rounds: this.rows.length })
        return
      case 'continue':
        this.#emit({ type: 'continued', rounds: this.rows.length })
        this.play(roundMs)
        return
      case 'stop':
        this.end('stopped')
    }
  }

  changeSetting(setting: ChangeableSetting, value: number): void {
    this.changes = [...this.changes, { round: this.rows.length, setting, value }]
    this.#emit({ type: 'settingChanged', setting, value, fromRound: this.rows.length })
  }

  series(): MetricSeries {
    return Object.fromEntries(
      metricColumns.map((column) => [
        column,
        Float64Array.from(this.rows, (row) => row[column] ?? Number.NaN),
      ]),
    ) as unknown as MetricSeries
  }

  #nextRow(): MetricsRow {
    const { federation, method, evaluation } = this.config
    const round = this.rows.length + 1
    const last = this.rows.at(-1)
    const speed = (method.name === 'hiso' ? 0.011 : 0.006) * (1 + (this.config.seed % 7) / 30)
    const noise = wobble(round, this.config.seed)
    const loss = 0.55 + 1.75 * Math.exp(-speed * round)
    const evaluated = round % evaluation.every === 0 || round === federation.rounds
    const scalars = federation.localSteps * perturbationsOf(method)
    const uplinkBytes = federation.participants * (14 + 4 * scalars)
    const catchUpBytes = federation.participants * (round < 4 ? 0 : 3) * (12 + 4 * scalars)
    const downlinkBytes = federation.participants * (10 + 4 * federation.localSteps) + catchUpBytes
    const passes = federation.participants * federation.localSteps * (perturbationsOf(method) + 1)
    return {
      round,
      trainLoss: loss + 0.12 * noise,
      testLoss: evaluated ? loss + 0.04 + 0.01 * noise : undefined,
      testAccuracy: evaluated
        ? 0.1 + 0.74 * (1 - Math.exp(-speed * 1.3 * round)) + 0.006 * noise
        : undefined,
      uplinkBytes,
      downlinkBytes,
      catchUpBytes,
      cumulativeUplinkBytes: (last?.cumulativeUplinkBytes ?? 0) + uplinkBytes,
      cumulativeDownlinkBytes: (last?.cumulativeDownlinkBytes ?? 0) + downlinkBytes,
      elapsedMs: (last?.elapsedMs ?? 0) + 60,
      participants: federation.participants,
      answered: federation.participants,
      perturbations: perturbationsOf(method),
      learningRate: method.learningRate,
      forwardPasses: passes,
      cumulativeForwardPasses: (last?.cumulativeForwardPasses ?? 0) + passes,
      paperBytes: 8 * federation.participants * scalars,
      epsilon: undefined,
      exactMatch: undefined,
      f1: undefined,
      rougeL: undefined,
      simulatedMs: undefined,
      late: undefined,
      broadcastBytes: undefined,
    }
  }
}

function wobble(round: number, seed: number): number {
  const x = Math.sin(round * 12.9898 + seed * 78.233) * 43758.5453
  return 2 * (x - Math.floor(x)) - 1
}
