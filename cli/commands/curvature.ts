/** `hiso curvature`: the learned H of a run against the true Hessian. */
import { resolve } from 'node:path'
import { curvatureCsv } from '../../core/engine/index.ts'
import { shortPath, type CommandContext } from '../context.ts'
import { formatCurvature } from '../curvatureReport.ts'
import { examinationSettings, examineFromTerminal } from '../examination.ts'
import { exitCodeOfSignal, exitCodes } from '../exitCodes.ts'
import { formatBytes } from '../units.ts'

export interface CurvatureOptions {
  readonly rounds: string
  readonly probes?: string
  readonly samples: string
  readonly out?: string
  readonly json?: boolean
}

/** Ctrl-C ends it in order: what is finished by then is printed. */
export async function curvature(
  { host, terminal, cwd }: CommandContext,
  run: string,
  options: CurvatureOptions,
): Promise<number> {
  const folder = resolve(cwd, run)
  const { report, signal } = await examineFromTerminal(
    { host, terminal },
    folder,
    examinationSettings(options),
  )
  if (options.json === true) terminal.print(JSON.stringify(report, plain))
  else if (report.rounds.length > 0) terminal.print(formatCurvature(report, terminal))
  if (options.out !== undefined && report.rounds.length > 0) {
    const path = resolve(cwd, options.out)
    const bytes = new TextEncoder().encode(curvatureCsv(report))
    await host.files.write(path, bytes)
    if (options.json !== true)
      terminal.print(`  Wrote ${shortPath(path, cwd)} (${formatBytes(bytes.length)})`)
  }
  return signal === undefined ? exitCodes.ok : exitCodeOfSignal(signal)
}

/** Typed arrays as lists; JSON has no NaN, which becomes null. */
function plain(_key: string, value: unknown): unknown {
  return ArrayBuffer.isView(value) ? [...(value as Float64Array)] : value
}
