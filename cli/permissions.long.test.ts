/**
 * Commands that may not read or write what they are given: each names the file and the cause, says
 * what to do, and leaves nothing behind.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hiso } from './testing/hisoProcess.ts'
import { quadraticConfig } from './testing/writtenRuns.ts'

const program = fileURLToPath(new URL('../dist/hiso.js', import.meta.url))

/** Rights mean nothing to the superuser, who calls the program as somebody else. */
const isRoot = process.getuid?.() === 0
const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']

function call(...args: readonly string[]) {
  const line = [...(isRoot ? asNobody : []), process.execPath, program, ...args]
  const env = { ...process.env, HOME: join(home, 'locked') }
  return spawnSync(line[0]!, line.slice(1), { cwd: home, encoding: 'utf8', env })
}

const canBeCalled = process.platform === 'linux' && canCall()
function canCall(): boolean {
  const line = [...(isRoot ? asNobody : []), process.execPath, program, '--version']
  return spawnSync(line[0]!, line.slice(1)).status === 0
}

let home: string

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'hiso-permissions-'))
  writeFileSync(join(home, 'q.json'), JSON.stringify(quadraticConfig(5)))
  for (const run of ['run', 'unlogged', 'unmeasured'])
    expect(await hiso(home, 'run', 'q.json', '--out', `locked/${run}`)).toMatchObject({ code: 0 })
  cpSync(join(home, 'locked/run'), join(home, 'locked/hidden'), { recursive: true })
  writeFileSync(join(home, 'hidden.csv'), 'a,class\n1,x\n')
  writeFileSync(join(home, 'hidden.hiso'), '')
  for (const path of ['locked/unlogged/scalars.log', 'locked/unmeasured/metrics.csv'])
    chmodSync(join(home, path), 0)
  for (const path of ['hidden.csv', 'hidden.hiso', 'locked/hidden']) chmodSync(join(home, path), 0)
  for (const path of ['locked/run', 'locked/unlogged', 'locked/unmeasured', 'locked', ''])
    chmodSync(join(home, path), 0o555)
})

afterAll(() => {
  execFileSync('chmod', ['-R', 'u+rwX', home])
  rmSync(home, { recursive: true, force: true })
})

const everything = () => readdirSync(home, { recursive: true }).toSorted()

describe.runIf(canBeCalled)('without the right', () => {
  it.each([
    ['run q.json', 'runs'],
    ['run q.json --out locked/new', 'locked/new'],
    ['run q.json --out locked/hidden', 'locked/hidden'],
    ['run q.json --log tensorboard:locked/logs', 'locked/logs'],
    ['tune q.json', 'tuning'],
    ['resume locked/run', 'locked/run'],
    ['extend locked/run --rounds 9', 'locked/run'],
    ['fork locked/run --at 3 --out locked/fork', 'locked/fork'],
    ['replay locked/unlogged', 'locked/unlogged/scalars.log'],
    ['export locked/run --format csv --out locked/run.csv', 'locked/run.csv'],
    ['export locked/run --format hiso', 'run.hiso'],
    ['export locked/unmeasured --format json', 'locked/unmeasured/metrics.csv'],
    ['pack locked/run', 'run.hiso'],
    ['unpack hidden.hiso', 'hidden.hiso'],
    ['list locked/hidden', 'locked/hidden'],
    ['show locked/hidden', 'locked/hidden'],
    ['compare locked/run locked/unmeasured', 'locked/unmeasured/metrics.csv'],
    ['figure locked/run --out run.svg', 'run.svg'],
    ['curvature locked/run --out run.csv', 'run.csv'],
    ['capsule locked/run --out run.zip', 'run.zip'],
    ['inspect hidden.csv', 'hidden.csv'],
    ['init', 'hiso.schema.json'],
    ['schema --out s.json', 's.json'],
  ])('%s names %s and what to do', (command, path) => {
    const before = everything()
    const { status, stderr } = call(...command.split(' '))
    expect(status).toBe(4)
    expect(stderr).toMatch(
      /^error FILE_UN(READ|WRIT)ABLE: [^(]*\(permission denied\)\. [^()]+\.\n$/,
    )
    expect(stderr).toContain(join(home, path))
    expect(everything()).toEqual(before)
  })

  it('what can be read is read', () => {
    expect(call('show', 'locked/run').status).toBe(0)
    expect(call('replay', 'locked/run', '--verify').status).toBe(0)
    const { status, stderr, stdout } = call('list', 'locked')
    expect(status).toBe(0)
    expect(stderr).toContain('hidden')
    expect(stdout).toContain('3 runs')
  })
})
