/**
 * How long until a library is listed: read anew, from its index, and after one run has changed?
 * Copies of one run under other seeds, settings and results, as `hiso list` and the app read them:
 * each time in a new process.
 *
 * Run: npm run bench -- listing [RUNS, 10000 if left out] [TURNS, 5 if left out]
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { Engine, Run } from '../core/engine/index.ts'
import { nameRuns, unpackRecalled } from '../core/runs/index.ts'
import { printTable } from './markdown.ts'
import { createBenchHost, hiso, inTemporaryFolder, medianOf, presetConfig } from './play.ts'

const host = createBenchHost()
if (process.argv[2] === 'view') await view(process.argv[3]!)
else if (process.argv[2] === 'recall') await recall(process.argv[3]!)
else await measure(...process.argv.slice(2).map(Number))
process.exit()

async function measure(count = 10_000, turns = 5): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    const library = join(folder, 'runs')
    await fill(library, count)
    const change = (turn: number) => {
      const at = join(library, `run${turn + 1}`, 'run.json')
      writeFileSync(at, readFileSync(at, 'utf8').replace(/"rounds":\d+/, `"rounds":${turn}`))
    }
    const table: string[][] = []
    const show = (name: string, took: readonly Took[]) => {
      const [wall, cpu] = (['wallMs', 'cpuMs'] as const).map((key) => took.map((it) => it[key]))
      const shown = [medianOf(wall!), Math.max(...wall!), medianOf(cpu!)]
      table.push([name, ...shown.map((each) => each.toFixed(0))])
    }
    for (const [face, list] of [
      ['the app', viewed],
      ['hiso list', commanded],
    ] as const) {
      process.env['XDG_CACHE_HOME'] = join(folder, face)
      show(`${face}, first time`, [list(library)])
      show(
        `${face}, again`,
        Array.from({ length: turns }, () => list(library)),
      )
      if (list === viewed)
        show(
          `${face}, what the index says`,
          Array.from({ length: turns }, () => viewed(library, 'recall')),
        )
      const changed = Array.from({ length: turns }, (_, turn) => (change(turn), list(library)))
      show(`${face}, one run changed`, changed)
    }
    console.log(`Load average of the last minute: ${loadavg()[0]!.toFixed(1)}\n`)
    printTable([`${count} runs`, '>median, ms', '>largest, ms', '>processor time, ms'], table)
  })
}

interface Took {
  readonly wallMs: number
  readonly cpuMs: number
}

/** What the app's engine needs for its answer, from the request on, its thread's start included. */
function viewed(library: string, part: 'view' | 'recall' = 'view'): Took {
  const { stdout } = spawnSync(process.execPath, [process.argv[1]!, part, library])
  return JSON.parse(stdout.toString()) as Took
}

async function view(library: string): Promise<void> {
  const engine = new Engine(host, () => {})
  await tell(() => engine.request('listRuns', { library }))
}

/** What the page shows before anything is checked: the answer, and its runs and their names. */
async function recall(library: string): Promise<void> {
  const engine = new Engine(host, () => {})
  await tell(async () => {
    const recalled = await engine.request('recallRuns', { library })
    nameRuns(unpackRecalled(recalled!).map(({ config }) => ({ config })))
  })
}

async function tell(work: () => Promise<unknown>): Promise<void> {
  const [began, before] = [performance.now(), process.cpuUsage()]
  await work()
  const { user, system } = process.cpuUsage(before)
  const took: Took = { wallMs: performance.now() - began, cpuMs: (user + system) / 1000 }
  process.stdout.write(JSON.stringify(took))
}

/** The whole command with its start and its table; the shell's clock knows its processor time. */
function commanded(library: string): Took {
  const script = 'TIMEFORMAT="%R %U %S"; time "$@" > /dev/null'
  const args = ['-c', script, 'bash', process.execPath, hiso, 'list', library]
  const { stderr } = spawnSync('bash', args, { env: { ...process.env, LC_ALL: 'C' } })
  const [wall, user, system] = stderr.toString().trim().split('\n').at(-1)!.split(' ').map(Number)
  return { wallMs: 1000 * wall!, cpuMs: 1000 * (user! + system!) }
}

/** What a list reads of a run, and no more. */
async function fill(library: string, count: number): Promise<void> {
  const first = join(library, 'run0')
  const own = presetConfig('quickstart', 'federation.rounds=5', 'compute.workers=1')
  await (await Run.start(host, own, first)).play()
  const config = readFileSync(join(first, 'config.yaml'), 'utf8')
  const record = JSON.parse(readFileSync(join(first, 'run.json'), 'utf8')) as {
    latest: object
    created: string
  }
  for (let number = 1; number < count; number++) {
    const folder = join(library, `run${number}`)
    mkdirSync(folder)
    const changed = config
      .replace(/^seed: .*$/m, `seed: ${number}`)
      .replace(/alpha: .*$/m, `alpha: ${(1 + (number % 50)) / 10}`)
      .replace(/^name: .*$/m, `name: study ${number % 300}`)
    writeFileSync(join(folder, 'config.yaml'), changed)
    const latest = { ...record.latest, testAccuracy: ((number * 7919) % 1000) / 1000 }
    const created = new Date(Date.parse(record.created) - number * 60_000).toISOString()
    writeFileSync(join(folder, 'run.json'), JSON.stringify({ ...record, latest, created }))
  }
}
