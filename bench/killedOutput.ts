/**
 * What a run is given away as, killed while it is written: beside the run there is then nothing
 * under the wanted name, or all of it; and the next attempt gives it whole.
 */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { startAndKill, type Ended, type Moment } from './killedProcess.ts'

interface KilledOutput {
  readonly wasKilled: boolean
  /** What was wrong, if anything was. */
  readonly problem?: string
}

interface OutputAttempt {
  readonly home: string
  /** A finished run, inside `home`. */
  readonly run: string
  readonly moment: Moment
  /** Runs the program in `home`. */
  readonly program: (args: readonly string[], kill: Moment | undefined) => Promise<Ended>
  /** The script that imports: `importScript FILE LIBRARY`. */
  readonly importScript: string
}

type Output = (attempt: OutputAttempt) => Promise<KilledOutput>

/** By name; each leaves nothing in `home`. */
export const outputs: Readonly<Record<string, Output>> = {
  'export --format json': (attempt) =>
    killedFile(attempt, (file) => ['export', attempt.run, '--format', 'json', '--out', file]),
  'export --format hiso': (attempt) =>
    killedFile(attempt, (file) => ['export', attempt.run, '--format', 'hiso', '--out', file]),
  'export --format onnx': (attempt) =>
    killedFile(attempt, (file) => ['export', attempt.run, '--format', 'onnx', '--out', file]),
  pack: (attempt) => killedFile(attempt, (file) => ['pack', attempt.run, file]),
  import: killedImport,
}

async function killedFile(
  { home, run, moment, program }: OutputAttempt,
  argsFor: (file: string) => readonly string[],
): Promise<KilledOutput> {
  const [wanted, killed] = [`${run}.wanted`, `${run}.killed`]
  const undisturbed = await program(argsFor(wanted), undefined)
  // Not every task has every output.
  if (undisturbed.code !== 0) return { wasKilled: false }
  const { wasKilled } = await program(argsFor(killed), moment)
  const left = contentOf(join(home, killed))
  const again = await program(argsFor(killed), undefined)
  const right = contentOf(join(home, wanted))!
  const made = contentOf(join(home, killed))
  for (const name of readdirSync(home))
    if (name.startsWith(wanted) || name.startsWith(killed)) rmSync(join(home, name))
  if (left !== undefined && !left.equals(right)) return { wasKilled, problem: 'a part was left' }
  if (again.code !== 0) return { wasKilled, problem: `then it fails: ${again.stderr.trim()}` }
  if (made?.equals(right) !== true) return { wasKilled, problem: 'then it gives other bytes' }
  return { wasKilled }
}

async function killedImport({
  home,
  run,
  moment,
  program,
  importScript,
}: OutputAttempt): Promise<KilledOutput> {
  const [file, library] = [`${run}.hiso`, `${run}.library`]
  await program(['export', run, '--format', 'hiso', '--out', file], undefined)
  const args = [importScript, 'import', join(home, file), join(home, library)]
  const { wasKilled } = await startAndKill(home, args, moment)
  const half = importedRuns(join(home, library)).filter((it) => !isSame(it, join(home, run)))
  const again = await startAndKill(home, args, undefined)
  const whole = importedRuns(join(home, library)).filter((it) => isSame(it, join(home, run)))
  rmSync(join(home, file))
  rmSync(join(home, library), { recursive: true, force: true })
  if (half.length > 0) return { wasKilled, problem: 'half a run was left in the library' }
  if (again.code !== 0) return { wasKilled, problem: `then it fails: ${again.stderr.trim()}` }
  return whole.length === 0 ? { wasKilled, problem: 'then the run is not there' } : { wasKilled }
}

const contentOf = (path: string) => (existsSync(path) ? readFileSync(path) : undefined)

/** Folders that a library lists as runs. */
function importedRuns(library: string): string[] {
  if (!existsSync(library)) return []
  return readdirSync(library)
    .map((name) => join(library, name))
    .filter((folder) => existsSync(join(folder, 'run.json')))
}

const isSame = (a: string, b: string) =>
  ['run.json', 'scalars.log', 'metrics.csv'].every(
    (name) => contentOf(join(a, name))?.equals(contentOf(join(b, name))!) === true,
  )
