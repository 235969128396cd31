/** A run as it goes, on a terminal and elsewhere. */
import { describe, expect, it } from 'vitest'
import { parseRunConfig } from '../core/config/index.ts'
import type { RunEvent } from '../core/engine/index.ts'
import { runFormat, type MetricsRow, type RunRecord } from '../core/runs/index.ts'
import { Progress } from './progress.ts'
import { recordingTerminal } from './testing/recordingTerminal.ts'
import { widthOf } from './terminal.ts'

const config = parseRunConfig({
  name: 'demo',
  task: { dataset: '/data/flowers.csv', model: 'mlp' },
  federation: { rounds: 40 },
  method: { name: 'decomfl' },
})

const record: RunRecord = {
  format: runFormat,
  name: 'demo',
  status: 'running',
  created: '2026-01-02T03:04:05.000Z',
  rounds: 0,
  fingerprints: { model: '' },
  environment: { provider: 'cpu' },
  model: { dim: 28_938, trainables: [] },
  totals: { uplinkBytes: 0, downlinkBytes: 0, catchUpBytes: 0, forwardPasses: 0, elapsedMs: 0 },
  latest: {},
  notices: [],
}

function row(round: number, testAccuracy?: number): MetricsRow {
  return {
    round,
    trainLoss: 2.3,
    testLoss: testAccuracy === undefined ? undefined : 1.5,
    testAccuracy,
    uplinkBytes: 60,
    downlinkBytes: 100,
    catchUpBytes: 0,
    cumulativeUplinkBytes: 60 * round,
    cumulativeDownlinkBytes: 100 * round,
    elapsedMs: 100 * round,
    participants: 2,
    answered: 2,
    perturbations: 5,
    learningRate: 0.001,
    forwardPasses: 12,
    cumulativeForwardPasses: 12 * round,
    paperBytes: 80,
    epsilon: undefined,
    exactMatch: undefined,
    f1: undefined,
    rougeL: undefined,
    simulatedMs: undefined,
    late: undefined,
    broadcastBytes: undefined,
  }
}

/** Ten rounds a second, evaluated every fourth. */
function* events(): Generator<RunEvent> {
  yield { type: 'opened', folder: '/work/runs/demo', config, record, resumedAt: 0, workers: 2 }
  for (let round = 1; round <= 40; round++)
    yield { type: 'roundCompleted', row: row(round, round % 4 === 0 ? round / 100 : undefined) }
  const totals = { ...record.totals, uplinkBytes: 2400, downlinkBytes: 4000, elapsedMs: 4000 }
  const latest = { testAccuracy: 0.4, testLoss: 1.5 }
  yield { type: 'ended', record: { ...record, status: 'finished', rounds: 40, totals, latest } }
}

function play(options: Parameters<typeof recordingTerminal>[0]) {
  const recorded = recordingTerminal(options)
  let now = 0
  const progress = new Progress({ terminal: recorded.terminal, cwd: '/work', now: () => now })
  for (const event of events()) {
    if (event.type === 'roundCompleted') now += 100
    progress.show(event)
  }
  return recorded
}

describe('progress', () => {
  it('where lines stay: the first round, evaluations at most once a second, the last, the end', () => {
    const lines = play({}).stdout().split('\n')
    expect(lines).toEqual([
      '',
      '  demo with DeComFL',
      '  flowers.csv, mlp · 28,938 parameters · 2 of 8 clients per round · 2 workers on cpu',
      '  runs/demo',
      '',
      '  round  1/40   train loss 2.300   ↑60 B ↓100 B   3.9 s left   10 rounds/s',
      '  round 12/40   accuracy 12.0%   test loss 1.500   ↑720 B ↓1.20 kB   2.8 s left   10 rounds/s',
      '  round 24/40   accuracy 24.0%   test loss 1.500   ↑1.44 kB ↓2.40 kB   1.6 s left   10 rounds/s',
      '  round 36/40   accuracy 36.0%   test loss 1.500   ↑2.16 kB ↓3.60 kB   400 ms left   10 rounds/s',
      '  round 40/40   accuracy 40.0%   test loss 1.500   ↑2.40 kB ↓4.00 kB   10 rounds/s',
      '  ✓ finished after 40 rounds in 4.0 s',
      '    accuracy 40.0%, test loss 1.500, 2.40 kB up, 4.00 kB down',
      '',
    ])
  })

  it('on a terminal: one line, redrawn, that never wraps', () => {
    const text = play({ isTTY: true, columns: 60 }).stdout()
    const drawn = text.split('\r').slice(1, -1)
    expect(drawn.length).toBe(40)
    for (const line of drawn) expect(widthOf(line)).toBeLessThan(60)
    expect(text.split('\n').filter((line) => line.includes('finished'))).toHaveLength(1)
  })

  it('marks what asks for a look, and says plainly how things are', () => {
    const { terminal, stdout } = recordingTerminal()
    const progress = new Progress({ terminal, cwd: '/work', now: () => 0 })
    progress.show({ type: 'noticed', text: 'Classes: ash → 0.', isInformation: true })
    progress.show({ type: 'noticed', text: 'Column "id" numbers the rows.' })
    expect(stdout()).toBe('  Classes: ash → 0.\n  ! Column "id" numbers the rows.\n')
  })

  it('shows that a long round goes on, now and then where lines stay', () => {
    const { terminal, stdout } = recordingTerminal()
    let clock = 0
    const progress = new Progress({ terminal, cwd: '/', now: () => clock })
    progress.show({ type: 'opened', folder: '/a', config, record, resumedAt: 3, workers: 2 })
    for (; clock <= 65_000; clock += 1000) progress.tick()
    const said = stdout().match(/round .* so far/g)
    expect(said).toEqual([10, 40].map((s) => `round 4/40   for ${s} s so far`))
  })
})
