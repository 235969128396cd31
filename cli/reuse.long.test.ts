/** Runs that go on from others, from a terminal. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunRecord } from '../core/runs/index.ts'
import { hiso } from './testing/hisoProcess.ts'

const home = mkdtempSync(join(tmpdir(), 'hiso-reuse-'))
const recordOf = (run: string) =>
  JSON.parse(readFileSync(join(home, run, 'run.json'), 'utf8')) as RunRecord

beforeAll(async () => {
  writeFileSync(
    join(home, 'config.yaml'),
    `name: test
task: { kind: quadratic, dim: 50 }
federation: { clients: 4, participants: 2, rounds: 12 }
method: { name: hiso, learningRate: 0.05, perturbations: 4 }
`,
  )
  const { code, stderr } = await hiso(home, 'run', 'config.yaml', '--out', 'a')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
})
afterAll(() => rmSync(home, { recursive: true }))

describe('hiso extend, fork and run --from', () => {
  it('play more rounds, to the bits of the longer run', async () => {
    await hiso(home, 'run', 'config.yaml', '--out', 'whole', '--set', 'federation.rounds=20')
    await hiso(home, 'run', 'config.yaml', '--out', 'b')
    expect((await hiso(home, 'extend', 'b', '--rounds', '8')).code).toBe(0)
    expect(recordOf('b')).toMatchObject({ rounds: 20, stateHash: recordOf('whole').stateHash })
    expect((await hiso(home, 'replay', 'b', '--verify')).code).toBe(0)
    await hiso(home, 'run', '--from', 'b', '--out', 'again', '--set', 'seed=7')
    expect(recordOf('again')).toMatchObject({ rounds: 20, status: 'finished' })
  })

  it('share the first rounds and differ from there on; both verify', async () => {
    const set = ['--set', 'method.learningRate=0.01']
    expect((await hiso(home, 'fork', 'a', '--at', '5', ...set, '--out', 'f')).code).toBe(0)
    expect(recordOf('f').stateHash).not.toBe(recordOf('a').stateHash)
    for (const run of ['a', 'f']) expect((await hiso(home, 'replay', run, '--verify')).code).toBe(0)
  })

  it.each([
    [['extend', 'a', '--rounds', 'many'], /not a whole number/],
    [['extend', 'a', '--rounds', '0'], /can.t be extended by 0 rounds/],
    [['extend', 'nowhere', '--rounds', '3'], /there is no run here/],
    [['extend', 'a'], /required option/],
    [['fork', 'a', '--at', '13'], /has 12 rounds/],
    [['fork', 'a', '--at', '-1'], /./],
    [['fork', 'a', '--at', '3', '--set', 'method.perturbations=9'], /can.t change within a run/],
    [['fork', 'a', '--at', '3', '--set', 'federation.rounds=2'], /can.t be one of 2/],
    [['fork', 'a', '--at', '3', '--out', 'a'], /in this folder already/],
    [['run'], /name a config, or a run/],
    [['run', 'config.yaml', '--from', 'a'], /name a config, or a run/],
  ])('refuse %j with what is wrong', async (args, message) => {
    const { code, stderr } = await hiso(home, ...args)
    expect(code).not.toBe(0)
    expect(stderr).toMatch(message)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  })
})
