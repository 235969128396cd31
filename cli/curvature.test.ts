import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hiso, HisoProcess } from './testing/hisoProcess.ts'

let home: string

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'hiso-curvature-'))
  const rows = Array.from({ length: 90 }, (_, i) => `${i % 7},${i % 5},${i % 3 === 0 ? 'a' : 'b'}`)
  writeFileSync(join(home, 'data.csv'), `x,y,class\n${rows.join('\n')}\n`)
  const config = {
    name: 'flowers',
    task: { dataset: 'data.csv', model: 'softmax' },
    federation: { clients: 3, participants: 3, rounds: 12, batchSize: 4 },
    method: { name: 'hiso', learningRate: 0.01, perturbations: 3 },
    compute: { workers: 1 },
  }
  writeFileSync(join(home, 'flowers.json'), JSON.stringify(config))
  await hiso(home, 'run', 'flowers.json', '--out', 'run')
})

afterAll(() => rmSync(home, { recursive: true, force: true }))

describe('hiso curvature', () => {
  it('says in words whether H is the Hessian, with the criterion and the evidence', async () => {
    const answer = await hiso(home, 'curvature', 'run', '--rounds', '0,last')
    expect(answer).toMatchObject({ code: 0, stderr: '' })
    expect(answer.stdout).toMatch(/6 parameters, on 72 training samples/)
    expect(answer.stdout).toMatch(/Initial model\n\n {2}There is no H to judge here/)
    expect(answer.stdout).toMatch(/After 12 rounds\n\n {2}\S.*\.\n {2}\(.*rank correlation/)
    expect(answer.stdout).toMatch(/linear\.weight +4 /)
  })

  it('writes every figure as csv, and as JSON', async () => {
    const { code, stdout } = await hiso(home, 'curvature', 'run', '--json', '--out', 'lab.csv')
    expect(code).toBe(0)
    const report = JSON.parse(stdout) as {
      probes: string
      rounds: { round: number; trace: { value: number }; scatter: { truth: number[] } }[]
    }
    const [at] = report.rounds
    expect(report.probes).toBe('exact')
    expect(at!.round).toBe(12)
    expect(at!.trace.value).toBeCloseTo(
      at!.scatter.truth.reduce((sum, value) => sum + value, 0),
      9,
    )
    const csv = readFileSync(join(home, 'lab.csv'), 'utf8')
    expect(csv).toContain(`12,trace,,${at!.trace.value},`)
  })

  it('draws the spectrum without the true diagonal, and ends in order while it draws another', async () => {
    const draw = (chart: string, out: string, ...options: readonly string[]) =>
      ['figure', 'run', '--chart', chart, '--format', 'svg', '--out', out, ...options] as const
    expect(await hiso(home, ...draw('curvature-spectrum', 'a.svg'))).toMatchObject({ code: 0 })
    await hiso(home, ...draw('curvature-spectrum', 'b.svg', '--probes', '50'))
    expect(readFileSync(join(home, 'b.svg'), 'utf8')).toBe(
      readFileSync(join(home, 'a.svg'), 'utf8'),
    )

    const long = new HisoProcess(home, draw('curvature-scatter', 'c.svg', '--probes', '9999999'))
    await long.errorWith('Fewer --probes or --samples take less')
    long.signal('SIGINT')
    const { code, stderr } = await long.drain()
    expect(code).toBe(130)
    expect(stderr).toMatch(/Round 12 takes [\d,]+ forward passes over 72 samples/)
    expect(existsSync(join(home, 'c.svg'))).toBe(false)
  })

  it('says what is gone, or has changed', async () => {
    const changed = readFileSync(join(home, 'data.csv'), 'utf8').replace('0,0,a', '9,9,a')
    const before = readFileSync(join(home, 'data.csv'))
    writeFileSync(join(home, 'data.csv'), changed)
    const other = await hiso(home, 'curvature', 'run')
    expect(other.stderr).toMatch(
      /error RUN_CHANGED: .*this is not the dataset that the run began with/,
    )
    rmSync(join(home, 'data.csv'))
    const gone = await hiso(home, 'curvature', 'run')
    expect(gone).toMatchObject({ code: 3, stdout: '' })
    expect(gone.stderr).toMatch(/error DATA_NOT_FOUND: .*data\.csv/)
    writeFileSync(join(home, 'data.csv'), before)
  })
})
