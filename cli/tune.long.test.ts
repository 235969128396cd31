/** `hiso tune` from the outside. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hiso } from './testing/hisoProcess.ts'

let home: string

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'hiso-tune-'))
  const config = {
    name: 'test',
    task: { kind: 'quadratic', dim: 50 },
    federation: { clients: 4, participants: 2, rounds: 16 },
    method: { name: 'decomfl', learningRate: 0.01, perturbations: 3 },
  }
  writeFileSync(join(home, 'short.json'), JSON.stringify(config))
})

afterAll(() => rmSync(home, { recursive: true, force: true }))

const search = ['tune', 'short.json', '--methods', 'decomfl,decomfl-implicit', '--rates']

describe('hiso tune', () => {
  it('prints the curve of each method, and a command that plays what it found', async () => {
    const { code, stdout, stderr } = await hiso(home, ...search, '0.001,0.01,0.1', '--out', 'found')
    // How far it is, where the machine is busy.
    const said = stderr.replace(/^ {2}Searching .*\n/gm, '')
    expect({ code, said }).toEqual({ code: 0, said: '' })
    expect(stdout).toMatch(/DeComFL, implicit step\n/)
    expect(stdout).toMatch(/loss at 4 +loss at 8 +loss at 16/)
    expect(existsSync(join(home, 'found', 'decomfl-eta0.01-P3', 'run.json'))).toBe(true)
    const [, command] = /Play them: {2}\S*hiso\S* (run .*)\n/.exec(stdout)!
    const again = await hiso(home, ...command!.split(' '), '--out', 'best')
    expect(again.code).toBe(0)
    expect(again.stdout).toMatch(/finished after 16 rounds/)
  }, 180_000)

  it('plays nothing twice, and gives the same as JSON', async () => {
    const { stdout } = await hiso(home, ...search, '0.001,0.01,0.1', '--out', 'found', '--json')
    const { rungs, methods } = JSON.parse(stdout) as {
      readonly rungs: readonly number[]
      readonly methods: readonly { method: string; best: { losses: readonly number[] } }[]
    }
    expect(rungs).toEqual([4, 8, 16])
    expect(methods.map(({ method }) => method)).toEqual(['decomfl', 'decomfl-implicit'])
    expect(methods[0]!.best.losses).toHaveLength(3)
  }, 180_000)

  it.each([
    [['--rates', 'fast'], /"fast" is not a learning rate/],
    [['--perturbations', '2.5'], /"2.5" is not a whole number/],
    [['--methods', 'hisso'], /Did you mean hiso/],
  ])('refuses %s with a remedy', async (bad, message) => {
    const { code, stderr } = await hiso(home, 'tune', 'short.json', ...bad)
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
  })
})
