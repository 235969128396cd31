/**
 * `npm run fuzz`: inputs made from seeds through every reader of foreign bytes. Goes on where the
 * last call stopped; prints the seed of everything that breaks a promise.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { mutatedInput } from './mutate/mutate.ts'
import { tryInputs, type Finding, type Tally } from './session.ts'
import { sourcesIn } from './sources.ts'
import type { Input, Target } from './target.ts'
import { targets } from './targets/index.ts'
import { judge, mostMs, sizeOf, tryInput } from './trial.ts'

const help = `npm run fuzz                              1,000 more inputs for every reader
npm run fuzz -- --reader csv,onnx         only for these
npm run fuzz -- --count 5000 --from 0     so many, from this seed on
npm run fuzz -- --reader csv --seed 123   one input again: written to a folder, and read here
npm run fuzz -- --state FILE              where it is written down which seeds were tried

Readers:
${targets.map(({ name, title }) => `  ${name.padEnd(10)} ${title}`).join('\n')}`

const { values } = parseArgs({
  options: {
    reader: { type: 'string' },
    seed: { type: 'string' },
    from: { type: 'string' },
    count: { type: 'string', default: '1000' },
    state: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

const root = process.cwd()
const folder = join(root, '.cache', 'fuzz')
const stateFile = values.state ?? join(folder, 'state.json')
/** The next seed of each reader. */
type State = Record<string, number>

async function main(): Promise<number> {
  const chosen = chosenTargets()
  if (values.seed !== undefined) {
    if (chosen.length === 1) return reproduce(chosen[0]!, wholeNumber('seed', values.seed))
    throw new Error('--seed wants one --reader')
  }
  const count = wholeNumber('count', values.count)
  const findings: Finding[] = []
  let tried = 0
  for (const target of chosen) {
    const state = readState()
    const from =
      values.from === undefined ? (state[target.name] ?? 0) : wholeNumber('from', values.from)
    const tally = await tryReader(target, from, from + count)
    tried += count
    findings.push(...tally.findings)
    tell(target, from, from + count, tally)
  }
  console.log(`\n${tried} inputs, ${findings.length} findings.`)
  for (const { reader, seed, what } of findings)
    console.log(`  npm run fuzz -- --reader ${reader} --seed ${seed}    ${firstLine(what)}`)
  return findings.length === 0 ? 0 : 1
}

function chosenTargets(): readonly Target[] {
  if (values.reader === undefined) return targets
  return values.reader.split(',').map((name) => {
    const target = targets.find((it) => it.name === name)
    if (target === undefined) throw new Error(`there is no reader "${name}"\n\n${help}`)
    return target
  })
}

/** Inputs between two writings of the state. */
const step = 500

async function tryReader(target: Target, from: number, to: number): Promise<Tally> {
  const script = new URL('./readers.js', import.meta.url)
  const whole: Tally = { read: 0, refused: 0, codes: new Map(), findings: [] }
  for (let at = from; at < to; at += step) {
    const end = Math.min(to, at + step)
    const order = { reader: target.name, from: at, to: end }
    const tally = await tryInputs(script, { root }, order, { tried: () => {} })
    whole.read += tally.read
    whole.refused += tally.refused
    for (const [code, times] of tally.codes)
      whole.codes.set(code, (whole.codes.get(code) ?? 0) + times)
    whole.findings.push(...tally.findings)
    for (const finding of tally.findings) await keep(target, finding)
    const state = readState()
    state[target.name] = Math.max(state[target.name] ?? 0, end)
    writeTo(stateFile, `${JSON.stringify(state, null, 2)}\n`)
  }
  return whole
}

function tell({ name }: Target, from: number, to: number, tally: Tally): void {
  const { read, refused, codes, findings } = tally
  const refusals = [...codes].map(([code, times]) => `${code} ${times}`).join(', ')
  console.log(
    `${name.padEnd(10)} seeds ${from} to ${to - 1}: ${read} read, ${refused} refused (${refusals}), ${findings.length} findings`,
  )
}

/** The input and what it broke, for those who mend it. */
async function keep(target: Target, finding: Finding): Promise<void> {
  const at = join(folder, 'findings', `${target.name}-${finding.seed}`)
  const { input } = await inputOf(target, finding.seed)
  writeInput(at, input)
  writeTo(join(at, 'finding.txt'), `${finding.what}\n${finding.stack ?? ''}\n`)
  console.log(`${target.name} ${finding.seed}: ${firstLine(finding.what)}`)
}

async function reproduce(target: Target, seed: number): Promise<number> {
  const { input, original } = await inputOf(target, seed)
  const at = join(folder, 'inputs', `${target.name}-${seed}`)
  writeInput(at, input)
  console.log(`${sizeOf(input)} bytes in ${at}`)
  const trial = await tryInput(target, input, original)
  const outcome = judge(trial, input)
  console.log(outcome)
  console.log(
    `${Math.round(trial.ms)} ms of ${mostMs}, ${Math.round((trial.bytes ?? 0) / 2 ** 20)} MiB`,
  )
  return outcome.kind === 'broken' ? 1 : 0
}

const inputOf = async (target: Target, seed: number) =>
  mutatedInput(target, await target.corpus(sourcesIn(root)), seed)

function writeInput(at: string, input: Input): void {
  for (const [name, bytes] of input) writeTo(join(at, name), bytes)
}

function writeTo(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
}

function readState(): State {
  return existsSync(stateFile) ? (JSON.parse(readFileSync(stateFile, 'utf8')) as State) : {}
}

const firstLine = (text: string) => text.split('\n')[0]!.slice(0, 160)

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new Error(`--${name} is a whole number from 0 to 999,999,999, not ${text}`)
}

if (values.help) console.log(help)
else process.exitCode = await main()
