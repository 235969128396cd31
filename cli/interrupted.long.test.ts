/** A run that ends before its last round, however it ends, can be taken up in the same bits. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hiso, HisoProcess } from './testing/hisoProcess.ts'
import { eventsIn, quadraticConfig, recordIn } from './testing/writtenRuns.ts'

let home: string

/** Long enough that a signal at round 20 comes well before its end. */
const longRounds = 1000

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'hiso-interrupted-'))
  writeFileSync(join(home, 'long.json'), JSON.stringify(quadraticConfig(longRounds)))
})

afterAll(() => rmSync(home, { recursive: true, force: true }))

const readRecord = (run: string) => recordIn(join(home, run))

describe('an interrupted run', () => {
  let uninterrupted: string
  beforeAll(async () => {
    await hiso(home, 'run', 'long.json', '--out', 'uninterrupted')
    uninterrupted = readRecord('uninterrupted').stateHash!
  })

  /** Plays until a few rounds are done, and on. */
  async function playing(out: string, ...args: readonly string[]): Promise<HisoProcess> {
    const run = new HisoProcess(home, ['run', 'long.json', '--out', out, '--json', ...args])
    await run.lineWith('"round":20,')
    return run
  }

  async function resumeToTheEnd(run: string): Promise<void> {
    const { code, stdout } = await hiso(home, 'resume', run)
    expect(code).toBe(0)
    expect(stdout).toMatch(/test with HiSo, from round \d+ on/)
    expect(readRecord(run)).toMatchObject({ status: 'finished', stateHash: uninterrupted })
  }

  it('by Ctrl-C finishes its round, says how to go on, and ends in the same bits', async () => {
    const run = await playing('stopped')
    run.signal('SIGINT')
    const { code, stdout, stderr } = await run.drain()
    expect(code).toBe(130)
    expect(eventsIn(stdout).at(-1)).toMatchObject({ type: 'ended', record: { status: 'stopped' } })
    expect(stderr).toMatch(/Finishing the round/)
    expect(stderr).toMatch(/Go on with: {2}hiso resume stopped\n/)
    await resumeToTheEnd('stopped')
  })

  it('by kill -9 is known as interrupted, and ends in the same bits', async () => {
    const run = await playing('killed')
    run.signal('SIGKILL')
    expect((await run.drain()).signal).toBe('SIGKILL')
    expect(readRecord('killed').status).toBe('running')
    expect((await hiso(home, 'show', 'killed')).stdout).toMatch(/status +interrupted, \d+ of 1,000/)

    const verified = await hiso(home, 'replay', 'killed', '--verify')
    expect(verified.code).toBe(4)
    expect(verified.stderr).toMatch(/^error RUN_UNFINISHED: killed: .*no hash to compare with/)
    await resumeToTheEnd('killed')
  })

  it('by a reader that goes away is saved, and ends in the same bits', async () => {
    const run = await playing('unread')
    run.stopReading()
    expect((await run.drain()).code).toBe(141)
    expect(readRecord('unread').status).toBe('stopped')
    await resumeToTheEnd('unread')
  })

  it('refuses a second process while the first is at work', async () => {
    // It ends when it is told to, however long the second process takes to start.
    const run = await playing('busy', '--set', 'federation.rounds=1000000')
    const second = await hiso(home, 'resume', 'busy')
    expect(second.code).toBe(4)
    expect(second.stderr).toMatch(/^error RUN_LOCKED: .*busy: process \d+ is working on this run/)
    run.signal('SIGTERM')
    expect((await run.drain()).code).toBe(143)
    expect(readRecord('busy').status).toBe('stopped')
  })
})
