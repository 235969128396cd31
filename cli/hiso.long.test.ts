/**
 * The program from the outside, as people and scripts see it: its files, its output, its exit
 * codes.
 */
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hiso, HisoProcess } from './testing/hisoProcess.ts'
import { eventsIn, quadraticConfig, recordIn } from './testing/writtenRuns.ts'

let home: string

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'hiso-cli-'))
  writeFileSync(join(home, 'short.json'), JSON.stringify(quadraticConfig(20)))
})

afterAll(() => rmSync(home, { recursive: true, force: true }))

const readRecord = (run: string) => recordIn(join(home, run))

describe('hiso run', () => {
  it('leaves a run folder as documented, and says how it went', async () => {
    const { code, stdout, stderr } = await hiso(home, 'run', 'short.json')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/test with HiSo\n/)
    expect(stdout).toMatch(/✓ finished after 20 rounds/)
    expect(stdout).not.toContain('\x1b')
    const [run] = readdirSync(join(home, 'runs'))
    expect(run).toMatch(/^test-hiso/)
    const files = readdirSync(join(home, 'runs', run!))
    expect(files).toEqual(
      expect.arrayContaining(['config.yaml', 'metrics.csv', 'run.json', 'scalars.log']),
    )
    expect(files).not.toContain('.lock')
    const record = readRecord(`runs/${run}`)
    expect(record).toMatchObject({ status: 'finished', rounds: 20 })
    expect(record.stateHash).toMatch(/^[0-9a-f]{64}$/)
    const lines = readFileSync(join(home, 'runs', run!, 'metrics.csv'), 'utf8').split('\n')
    expect(lines[0]).toMatch(
      /^round,trainLoss,testLoss,testAccuracy,uplinkBytes,downlinkBytes,catchUpBytes,cumulativeUplinkBytes,cumulativeDownlinkBytes,elapsedMs/,
    )
    expect(lines).toHaveLength(22)
  })

  it('streams events with --json, one per line, and nothing else', async () => {
    const { code, stdout, stderr } = await hiso(home, 'run', 'short.json', '--json')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const events = eventsIn(stdout)
    expect(events[0]?.type).toBe('opened')
    expect(events.filter(({ type }) => type === 'roundCompleted')).toHaveLength(20)
    expect(events.at(-1)).toMatchObject({ type: 'ended', record: { status: 'finished' } })
  })

  it('never writes over a run', async () => {
    expect((await hiso(home, 'run', 'short.json', '--out', 'taken')).code).toBe(0)
    const { code, stderr } = await hiso(home, 'run', 'short.json', '--out', 'taken')
    expect(code).toBe(4)
    expect(stderr).toMatch(/^error RUN_EXISTS: .*taken: /)
  })

  it('plays several methods and compares them', async () => {
    const args = ['run', 'short.json', '--methods', 'hiso,decomfl', '--out', 'both']
    const { code, stdout } = await hiso(home, ...args)
    expect(code).toBe(0)
    expect(readdirSync(join(home, 'both'))).toEqual(['decomfl', 'hiso'])
    expect(stdout).toMatch(/To reach test loss [\s\S]*\n {2}HiSo [\s\S]*\n {2}DeComFL /)

    const compared = await hiso(home, 'compare', 'both/hiso', 'both/decomfl', '--json')
    const { runs } = JSON.parse(compared.stdout) as { runs: unknown[] }
    expect(runs).toMatchObject([
      { name: 'hiso', method: 'hiso', rounds: 20 },
      { name: 'decomfl', method: 'decomfl' },
    ])
  })

  it('keeps everything before the round in which it diverged', async () => {
    const wild = ['--set', 'method.learningRate=1e5', '--set', 'method.perturbations=1']
    const { code, stderr } = await hiso(home, 'run', 'short.json', ...wild, '--out', 'wild')
    expect(code).toBe(5)
    expect(stderr).toMatch(/^error LOSS_NOT_FINITE: .*round \d+.*smaller method.learningRate/)
    const { status, rounds } = readRecord('wild')
    expect(status).toBe('failed')
    const metrics = readFileSync(join(home, 'wild', 'metrics.csv'), 'utf8')
    expect(metrics.trimEnd().split('\n')).toHaveLength(1 + rounds)
  })
})

describe('a finished run', () => {
  beforeAll(async () => {
    await hiso(home, 'run', 'short.json', '--out', 'finished')
  })

  it('is verified from its log alone', async () => {
    const { code, stdout } = await hiso(home, 'replay', 'finished', '--verify', '--json')
    const { stateHash } = readRecord('finished')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual({ verified: true, rounds: 20, stateHash })
  })

  it('is not verified when it claims another result', async () => {
    await hiso(home, 'run', 'short.json', '--out', 'forged')
    const path = join(home, 'forged', 'run.json')
    const { stateHash } = readRecord('forged')
    const claim = stateHash!.replaceAll(/[0-4]/g, '5')
    writeFileSync(path, readFileSync(path, 'utf8').replace(stateHash!, claim))
    const { code, stdout } = await hiso(home, 'replay', 'forged', '--verify', '--json')
    expect(code).toBe(6)
    expect(JSON.parse(stdout)).toMatchObject({ verified: false, stateHash, recordedHash: claim })
  })

  it('gives its numbers as CSV byte for byte, and as JSON', async () => {
    const metrics = readFileSync(join(home, 'finished', 'metrics.csv'), 'utf8')
    expect((await hiso(home, 'export', 'finished', '--format', 'csv')).stdout).toBe(metrics)
    const file = await hiso(home, 'export', 'finished', '--format', 'json', '--out', 'run.txt')
    expect(file.stdout).toMatch(/Wrote run.txt/)
    expect(JSON.parse(readFileSync(join(home, 'run.txt'), 'utf8'))).toMatchObject({
      config: { name: 'test' },
      record: { rounds: 20 },
    })
  })

  it('is listed beside what can’t be read', async () => {
    mkdirSync(join(home, 'library'))
    await hiso(home, 'run', 'short.json', '--out', 'library/good')
    mkdirSync(join(home, 'library', 'bad'))
    writeFileSync(join(home, 'library', 'bad', 'run.json'), '{"format": 99}')
    copyFileSync(
      join(home, 'library', 'good', 'config.yaml'),
      join(home, 'library', 'bad', 'config.yaml'),
    )
    const { code, stdout, stderr } = await hiso(home, 'list', 'library')
    expect(code).toBe(0)
    expect(stdout).toMatch(/good +test +HiSo +finished +20\/20/)
    expect(stderr).toMatch(/bad: .*the run has format 99/)
    const shown = await hiso(home, 'show', 'library/bad')
    expect(shown.code).toBe(4)
    expect(shown.stderr).toMatch(/^error RUN_NEWER: /)
  })

  it('may be cut off by head', async () => {
    const listing = new HisoProcess(home, ['export', 'finished', '--format', 'json'])
    listing.stopReading()
    expect(await listing.drain()).toMatchObject({ code: 0, stderr: '' })
  })
})

describe('a config', () => {
  it('finds its data beside itself, wherever it is run from, in worker threads too', async () => {
    const folder = join(home, 'flowers')
    mkdirSync(folder)
    const rows = Array.from(
      { length: 60 },
      (_, i) => `${i % 7},${i % 5},${i % 3 === 0 ? 'a' : 'b'}`,
    )
    writeFileSync(join(folder, 'data.csv'), `x,y,class\n${rows.join('\n')}\n`)
    writeFileSync(
      join(folder, 'flowers.yaml'),
      `name: flowers
task: { dataset: data.csv, model: softmax }
federation: { clients: 3, participants: 3, rounds: 3, batchSize: 4 }
method: { name: decomfl }
compute: { workers: 2 }
`,
    )
    const played = await hiso(home, 'run', 'flowers/flowers.yaml', '--out', 'bed')
    expect(played).toMatchObject({ code: 0, stderr: '' })
    expect(played.stdout).toMatch(/2 workers on cpu/)
    expect(await hiso(folder, 'replay', '../bed', '--verify')).toMatchObject({ code: 0 })
    const model = await hiso(folder, 'export', '../bed', '--format', 'onnx')
    expect(model.stdout).toMatch(/Wrote bed.onnx/)
    const again = await hiso(folder, 'export', '../bed', '--format', 'onnx')
    expect(again).toMatchObject({ code: 4 })

    const { stdout } = await hiso(home, 'split', 'flowers/flowers.yaml', '--format', 'csv')
    expect(stdout).toMatch(/^client,samples,a,b\n1,16,\d+,\d+\n/)
    const asJson = await hiso(home, 'split', 'flowers/flowers.yaml', '--json')
    const table = JSON.parse(asJson.stdout) as { header: string[]; rows: number[][] }
    expect([table.header, ...table.rows].map((row) => `${row.join(',')}\n`).join('')).toBe(stdout)
  })

  it.each([
    [['run', 'quickstrat'], 2, /CONFIG_UNREADABLE: quickstrat: .*Did you mean quickstart\?/],
    [['run', 'short.json', '--set', 'method.learnigRate=1'], 2, /did you mean learningRate\?/],
    [
      ['run', 'short.json', '--set', 'federation.dropout=2'],
      2,
      /federation.dropout must be less than 1 \(got 2\)/,
    ],
    [
      ['run', 'short.json', '--set', 'federation.participants=7'],
      2,
      /must be at most federation.clients \(6\)/,
    ],
    [['run', 'short.json', '--set', 'nonsense'], 2, /the form key.path=value/],
    [
      ['run', 'short.json', '--methods', 'hisso'],
      2,
      /"hisso" is not a method. Did you mean hiso\?/,
    ],
    [
      ['run', 'quickstart', '--set', 'task.dataset=fashionmnist'],
      3,
      /DATA_NOT_FOUND: .*Did you mean fashion-mnist\?/,
    ],
    [['run', 'quickstart', '--set', 'task.model=none.onnx'], 3, /MODEL_NOT_FOUND: .*none.onnx/],
    [['split', 'short.json'], 2, /has no samples to split/],
    [['curvature', 'none'], 4, /RUN_NOT_FOUND/],
    [['curvature', 'none', '--rounds', '1;2'], 2, /--rounds: "1;2" is not a whole number/],
    [['curvature', 'none', '--probes', 'many'], 2, /a whole number from 2, or exact/],
  ])('hiso %s is refused with exit code %d', async (args, exitCode, message) => {
    const { code, stdout, stderr } = await hiso(home, ...args)
    expect(stderr).toMatch(message)
    expect(stderr).toMatch(/^error [A-Z_]+: /)
    expect(stderr).not.toContain('    at ')
    expect({ code, stdout }).toEqual({ code: exitCode, stdout: '' })
  })

  it('is written once by init', async () => {
    const written = await hiso(home, 'init', 'mine.yaml')
    expect(written.stdout).toMatch(/Wrote mine.yaml. Run it: {2}hiso run mine.yaml/)
    expect(await hiso(home, 'init', 'mine.yaml')).toMatchObject({ code: 4, stdout: '' })
    expect(readFileSync(join(home, 'mine.yaml'), 'utf8')).toContain('# Learning rate (η)')
  })
})

describe('the command line', () => {
  it.each([
    [['rnu', 'x'], /unknown command 'rnu'. Did you mean run\?/],
    [['run', 'short.json', '--jsno'], /unknown option '--jsno'. Did you mean --json\?/],
    [['run'], /name a config, or a run with --from/],
    [['show', 'a', 'b'], /too many arguments/],
    [['export', 'x'], /required option '--format <format>'/],
    [['export', 'x', '--format', 'xlsx'], /csv, json, onnx/],
  ])('refuses %s', async (args, message) => {
    const { code, stdout, stderr } = await hiso(home, ...args)
    expect(stderr).toMatch(message)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  })

  it('explains itself, its exit codes too', async () => {
    const { code, stdout } = await hiso(home, '--help')
    expect(code).toBe(0)
    for (const word of [
      'run',
      'resume',
      'replay',
      'export',
      'list',
      'show',
      'compare',
      'split',
      'init',
      'doctor',
      'presets',
      'Exit codes',
    ])
      expect(stdout).toContain(word)
  })

  it('knows the machine', async () => {
    const { code, stdout } = await hiso(home, 'doctor', '--json')
    const report = JSON.parse(stdout) as { providers: unknown; library: unknown }
    expect(code).toBe(0)
    expect(report.providers).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ provider: 'cpu', runMs: expect.any(Number) }),
      ]),
    )
    expect(report).toMatchObject({
      datasets: ['fashion-mnist', 'mail-features', 'mnist', 'sentiment-sites', 'spam-mail'].map(
        (name) => ({ name }),
      ),
      models: ['softmax', 'mlp', 'cnn-mnist', 'cnn-fashion', 'opt-mail', 'use-lite'],
      library: { writable: true },
      problems: [],
    })
  })
})

describe('a place that can’t be written', () => {
  /** Root may write to any folder; what the kernel makes up is closed to root as well. */
  function closedFolder(): string {
    if (process.getuid?.() === 0) return '/sys/kernel/hiso'
    const folder = join(home, 'closed')
    mkdirSync(folder)
    chmodSync(folder, 0o555)
    return join(folder, 'run')
  }

  it.skipIf(process.platform === 'win32' || execFileSync('uname').toString().trim() !== 'Linux')(
    'is an error that names it, before anything was done',
    async () => {
      const out = closedFolder()
      const { code, stderr } = await hiso(home, 'run', 'short.json', '--out', out)
      expect(code).toBe(4)
      expect(stderr).toMatch(
        /^error FILE_UNWRITABLE: .*You may not write there: .*choose another place/,
      )
      expect(stderr).toContain(out)
    },
  )

  it('may be a file that stands in the way of runs/', async () => {
    const folder = join(home, 'blocked')
    mkdirSync(folder)
    writeFileSync(join(folder, 'runs'), '')
    const { code, stderr } = await hiso(folder, 'run', '../short.json')
    expect(code).toBe(4)
    expect(stderr).toMatch(/^error FILE_UNWRITABLE: .*runs/)
  })
})
