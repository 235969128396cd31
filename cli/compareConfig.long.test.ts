/** `hiso run` of a config that names others to play beside it. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hiso } from './testing/hisoProcess.ts'

let home: string

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'hiso-compare-'))
  const config = {
    name: 'test',
    task: { kind: 'quadratic', dim: 50 },
    federation: { clients: 4, participants: 2, rounds: 4 },
    method: { name: 'hiso', learningRate: 0.01, perturbations: 3 },
    evaluation: { every: 2 },
    compute: { workers: 1 },
    compare: [
      { method: { name: 'decomfl', learningRate: 0.01 } },
      { method: { name: 'decomfl', learningRate: 0.02 } },
    ],
  }
  writeFileSync(join(home, 'three.json'), JSON.stringify(config))
})

afterAll(() => rmSync(home, { recursive: true, force: true }))

describe('hiso run of a config with others beside it', () => {
  it('plays all of them and compares', async () => {
    const { code, stdout, stderr } = await hiso(home, 'run', 'three.json', '--out', 'all')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(readdirSync(join(home, 'all')).sort()).toEqual([
      'decomfl-eta0.01',
      'decomfl-eta0.02',
      'hiso',
    ])
    expect(stdout).toMatch(/DeComFL, η 0.02/)
  }, 180_000)

  it('plays the one method that --set chooses, and the list of --methods instead of its own', async () => {
    const one = await hiso(home, 'run', 'three.json', '--set', 'method.name=mezo', '--out', 'one')
    // MeZO has one client: that it is refused once says that it alone was meant.
    expect(one.code).toBe(2)
    const alone = ['--set', 'method.name=decomfl', '--out', 'alone']
    expect((await hiso(home, 'run', 'three.json', ...alone)).code).toBe(0)
    expect(readdirSync(join(home, 'alone'))).toContain('run.json')
    const two = ['--methods', 'hiso,fedkseed', '--out', 'two']
    expect((await hiso(home, 'run', 'three.json', ...two)).code).toBe(0)
    expect(readdirSync(join(home, 'two')).sort()).toEqual(['fedkseed', 'hiso'])
  }, 180_000)
})
