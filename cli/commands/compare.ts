/** `hiso compare`: rounds, bytes and time that runs needed to reach the same target. */
import { basename, resolve } from 'node:path'
import { HisoError } from '../../core/base/index.ts'
import { suggestion, explainAmbiguousNumber } from '../../core/config/index.ts'
import {
  compareRuns,
  hardestTarget,
  readWholeRun,
  seenStatus,
  type ComparedRun,
  type Target,
  type TargetMetric,
} from '../../core/runs/index.ts'
import { formatComparison } from '../comparison.ts'
import { comparisonText, type ComparisonFormat, type LoadedRun } from '../../figures/index.ts'
import { shortPath, type CommandContext } from '../context.ts'
import { exitCodes } from '../exitCodes.ts'
import { readLoadedRun } from '../figureFacts.ts'

export interface CompareOptions {
  /** metric=value */
  readonly target?: string
  readonly json?: boolean
  /** A table for a paper or a notebook instead of one for this terminal. */
  readonly format?: ComparisonFormat
  readonly out?: string
}

const metrics: Readonly<Record<string, TargetMetric>> = {
  accuracy: 'testAccuracy',
  loss: 'testLoss',
  testAccuracy: 'testAccuracy',
  testLoss: 'testLoss',
  trainLoss: 'trainLoss',
}

export async function compare(
  context: CommandContext,
  folders: readonly string[],
  options: CompareOptions,
): Promise<number> {
  const asked = options.target === undefined ? undefined : parseTarget(options.target)
  if (options.format !== undefined)
    return writeTable(context, folders, { ...options, format: options.format }, asked)
  const { host, terminal, cwd } = context
  const runs: ComparedRun[] = []
  for (const folder of folders) {
    const { path, config, record, rows } = await readWholeRun(host, resolve(cwd, folder))
    const status = await seenStatus(host.files, path, record)
    runs.push({ name: basename(path), method: config.method.name, status, rows })
  }
  const target = asked ?? hardestTarget(runs)
  if (target === undefined) throw nothingInCommon(runs)
  const comparison = compareRuns(runs, target)
  terminal.print(
    options.json === true
      ? JSON.stringify(comparison)
      : `\n${formatComparison(comparison, terminal)}`,
  )
  return exitCodes.ok
}

/** Groups runs that differ in the seed, as Compare in the window does. */
async function writeTable(
  { host, terminal, cwd }: CommandContext,
  folders: readonly string[],
  { format, out }: { readonly format: ComparisonFormat; readonly out?: string },
  asked: Target | undefined,
): Promise<number> {
  const runs: LoadedRun[] = []
  for (const folder of folders) runs.push(await readLoadedRun(host, resolve(cwd, folder)))
  const metrics: readonly TargetMetric[] = ['testAccuracy', 'testLoss', 'trainLoss']
  const metric =
    asked?.metric ??
    metrics.find((own) => runs.some(({ columns }) => !columns[own].every(Number.isNaN))) ??
    'trainLoss'
  const text = comparisonText(runs, format, { metric, grouping: 'auto', target: asked?.value })
  if (out === undefined) terminal.write(text)
  else {
    const path = resolve(cwd, out)
    await host.files.write(path, new TextEncoder().encode(text))
    terminal.print(`  Wrote ${shortPath(path, cwd)}`)
  }
  return exitCodes.ok
}

function nothingInCommon(runs: readonly ComparedRun[]): HisoError {
  const named = runs.map(({ name, status, rows }) => `${name} (${status}, ${rows.length} rounds)`)
  const isOver = runs.every(({ status }) => status === 'failed')
  return new HisoError('RUN_UNFINISHED', {
    where: named.join(', '),
    what: 'there is no metric that these runs have all measured',
    remedy: isOver
      ? 'They failed before an evaluation: play them again with a lower method.learningRate'
      : 'Let those that go on reach their first evaluation, or compare fewer of them',
  })
}

/** `accuracy=0.85`, `accuracy=85%`, `loss=0.4`. @throws HisoError CONFIG_INVALID */
export function parseTarget(text: string): Target {
  const at = text.indexOf('=')
  const name = text.slice(0, at < 0 ? text.length : at).trim()
  const number = text.slice(at + 1).trim()
  const isPercent = number.endsWith('%')
  const value = Number(isPercent ? number.slice(0, -1) : number) / (isPercent ? 100 : 1)
  const metric = Object.hasOwn(metrics, name) ? metrics[name] : undefined
  if (metric === undefined) {
    const near = suggestion(name, Object.keys(metrics))
    throw invalid(
      text,
      `"${name}" is not a metric`,
      `${near === undefined ? '' : `Did you mean ${near}? `}Metrics are ${Object.keys(metrics).join(', ')}`,
    )
  }
  const wrong = explainAmbiguousNumber(number.replace('%', ''))
  if (wrong !== undefined) throw invalid(text, wrong, 'For example: --target accuracy=0.85')
  if (at < 0 || !/\d/.test(number) || !Number.isFinite(value))
    throw invalid(text, 'a target has the form metric=value', 'For example: --target accuracy=0.85')
  if (metric === 'testAccuracy' && (value < 0 || value > 1))
    throw invalid(
      text,
      `an accuracy is between 0 and 1 (got ${number})`,
      `For example: --target accuracy=0.85, or accuracy=85%`,
    )
  return { metric, value }
}

function invalid(text: string, what: string, remedy: string): HisoError {
  return new HisoError('CONFIG_INVALID', { where: `--target ${text}`, what, remedy })
}
