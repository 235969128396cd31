/**
 * `hiso capsule`: runs with all that is needed to play them again, in one zip; and its
 * verification, which replays them and compares every hash.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, isAbsolute, join, resolve } from 'node:path'
import { z } from 'zod'
import { HisoError, messageOf, parseJson, oneLine } from '../../core/base/index.ts'
import { bibtexOf } from '../../core/config/index.ts'
import { replayRun, verifyState } from '../../core/engine/index.ts'
import { readWholeRun, runFiles } from '../../core/runs/index.ts'
import { comparisonChart, figureBytes, type LoadedRun } from '../../figures/index.ts'
import { makeFolder } from '../../platform/index.ts'
import { crateOf, type CapsuleRun } from '../capsule/crate.ts'
import { readZip, ZipWriter } from '../capsule/zipFile.ts'
import { shellWord, shortPath, type CommandContext } from '../context.ts'
import { exitCodes } from '../exitCodes.ts'
import { readLoadedRun } from '../figureFacts.ts'
import { streamFile } from '../streamedFile.ts'
import { formatBytes, formatPlural } from '../units.ts'

/** What is in a capsule, and what each file must be. */
const manifestSchema = z.object({
  format: z.literal(1),
  program: z.string(),
  runs: z.array(z.object({ name: z.string(), stateHash: z.string().optional() })).min(1),
  /** SHA-256 by the file's name in the capsule. */
  files: z.record(z.string(), z.string()),
})
type Manifest = z.infer<typeof manifestSchema>

const manifestName = 'manifest.json'

export async function capsule(
  { host, terminal, cwd }: CommandContext,
  words: readonly string[],
  { out, version }: { readonly out?: string; readonly version: string },
): Promise<number> {
  const folders = words.map((word) => resolve(cwd, word))
  const names = distinctNames(folders)
  const path = resolve(cwd, out ?? `${names.length === 1 ? names[0]! : 'runs'}.capsule.zip`)
  if (out === undefined && (await host.files.kind(path)) !== undefined)
    throw new HisoError('FILE_UNWRITABLE', {
      where: shortPath(path, cwd),
      what: 'there is such a file already',
      remedy: 'Name the file to write with --out',
    })
  const length = await streamFile(path, async (file) => {
    const zip = new ZipWriter(file)
    const hashes: Record<string, string> = {}
    const add = (name: string, content: Uint8Array | string) => {
      const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
      hashes[name] = host.sha256().update(bytes).hex()
      zip.add(name, bytes)
    }
    const runs: CapsuleRun[] = []
    for (const [at, folder] of folders.entries()) {
      const { config, record } = await readWholeRun(host, folder)
      const obstacle = await verifyState(host, folder)
      if (obstacle !== undefined)
        terminal.tell(`  The recorded state was not verified: ${obstacle.message}`)
      const own = host.files.own(folder)
      const files: string[] = []
      for (const name of Object.values(runFiles)) {
        const bytes = await own.read(name)
        if (bytes === undefined) continue
        const to = `runs/${names[at]!}/${name}`
        add(to, bytes)
        files.push(to)
      }
      runs.push({ name: names[at]!, config, record, files })
    }
    const figures = await figuresOf(host, folders, names)
    for (const { name, bytes } of figures) add(name, bytes)
    const others = [
      ['figures/commands.txt', `${figures.map(({ command }) => command).join('\n')}\n`],
      [
        'versions.json',
        `${JSON.stringify({ program: version, runs: Object.fromEntries(runs.map(({ name, record }) => [name, record.environment])) }, null, 1)}\n`,
      ],
      [
        'references.bib',
        [
          ...new Set(runs.flatMap(({ config }) => bibtexOf(config, version).trim().split('\n\n'))),
        ].join('\n\n'),
      ],
      ['README.md', readme],
      ...lockFile(host.files.resources),
    ] as const
    for (const [name, content] of others) add(name, content)
    const created = runs
      .map(({ record }) => record.created)
      .sort()
      .at(-1)!
    add(
      'ro-crate-metadata.json',
      crateOf({
        runs,
        figures: figures.map(({ name, command }) => ({ file: name, command })),
        others: [...others.map(([name]) => name), manifestName],
        version,
        created,
      }),
    )
    const manifest: Manifest = {
      format: 1,
      program: version,
      runs: runs.map(({ name, record: { stateHash } }) => ({
        name,
        ...(stateHash === undefined ? {} : { stateHash }),
      })),
      files: { ...hashes },
    }
    add(manifestName, `${JSON.stringify(manifest, null, 1)}\n`)
    zip.finish()
  })
  terminal.print(
    `  Wrote ${shortPath(path, cwd)}: ${formatPlural(folders.length, 'run')} (${formatBytes(length)})`,
  )
  return exitCodes.ok
}

const readme = `# Runs to play again

    hiso capsule verify FILE.zip

replays every run from its log and compares all hashes. \`runs/\` holds the runs as their folders
were, \`figures/\` figures with the commands that made them, \`references.bib\` what to cite,
\`ro-crate-metadata.json\` a description for archives.
`

/** The lock file that the program was installed from, where there is one. */
function lockFile(resources: string): (readonly [string, Uint8Array])[] {
  const path = join(dirname(resources), 'package-lock.json')
  return existsSync(path) ? [['package-lock.json', readFileSync(path)]] : []
}

/** Two folders may have one name. */
function distinctNames(folders: readonly string[]): string[] {
  const names = folders.map((folder) => basename(folder))
  return names.map((name, at) => {
    const before = names.slice(0, at).filter((other) => other === name).length
    return before === 0 ? name : `${name}-${before + 1}`
  })
}

async function figuresOf(
  host: CommandContext['host'],
  folders: readonly string[],
  names: readonly string[],
) {
  const runs: LoadedRun[] = []
  for (const folder of folders) runs.push(await readLoadedRun(host, folder))
  const words = names.map((name) => shellWord(`runs/${name}`)).join(' ')
  return (['testAccuracy', 'testLoss', 'trainLoss'] as const).flatMap((metric) => {
    if (runs.every(({ columns }) => columns[metric].every(Number.isNaN))) return []
    const chart = { testAccuracy: 'accuracy', testLoss: 'loss', trainLoss: 'train-loss' }[metric]
    const model = comparisonChart(runs, {
      ...{ metric, x: 'bytes', xScale: 'linear', yScale: 'linear', smoothing: 0 },
      ...{ band: 'confidence', grouping: 'auto', target: undefined },
    })
    return [
      {
        name: `figures/${chart}.pdf`,
        bytes: figureBytes({ model, preset: 'one-column' }, 'pdf'),
        command: `hiso figure ${words} --compare --chart ${chart} --x bytes --out figures/${chart}.pdf`,
      },
    ]
  })
}

export async function verifyCapsule(
  { host, terminal, cwd }: CommandContext,
  word: string,
): Promise<number> {
  const path = resolve(cwd, word)
  const scratch = mkdtempSync(join(tmpdir(), 'hiso-capsule-'))
  try {
    const found = new Map<string, string>()
    const folders = new Set<string>()
    let manifest: Manifest | undefined
    for await (const { name, bytes } of readZip(path, host.files.pieces(path))) {
      const target = placeOf(scratch, name, path)
      const above = foldersOf(name)
      if (found.has(name) || folders.has(name) || above.some((folder) => found.has(folder)))
        throw broken(
          path,
          `two files in it are called ${JSON.stringify(name)}, or lie in each other`,
        )
      for (const folder of above) folders.add(folder)
      found.set(name, host.sha256().update(bytes).hex())
      if (name === manifestName) manifest = parseManifest(bytes, path)
      makeFolder(dirname(target))
      await host.files.write(target, bytes)
    }
    if (manifest === undefined) throw broken(path, `it has no ${manifestName}`)
    const problems = filesProblems(manifest, found)
    for (const { name, stateHash } of manifest.runs) {
      const problem = await runProblem(host, placeOf(scratch, `runs/${name}`, path), stateHash)
      const sign = problem === undefined ? terminal.paint('green', '✓') : terminal.paint('red', '✗')
      terminal.print(`  ${sign} ${name}: ${oneLine(problem ?? 'the log gives the recorded state')}`)
      if (problem !== undefined) problems.push(problem)
    }
    for (const problem of problems) terminal.tell(`  ${oneLine(problem)}`)
    if (problems.length > 0) return exitCodes.notVerified
    terminal.print(`  ${formatPlural(found.size, 'file')}, all as they were packed`)
    return exitCodes.ok
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

function filesProblems({ files }: Manifest, found: ReadonlyMap<string, string>): string[] {
  const missing = Object.entries(files).flatMap(([name, hash]) =>
    found.get(name) === hash ? [] : [`${name} is ${found.has(name) ? 'changed' : 'missing'}`],
  )
  const more = [...found.keys()].filter(
    (name) => name !== manifestName && !Object.hasOwn(files, name),
  )
  return [...missing, ...more.map((name) => `${name} was added`)]
}

/** What is wrong with a run, or undefined. */
async function runProblem(
  host: CommandContext['host'],
  folder: string,
  stateHash: string | undefined,
): Promise<string | undefined> {
  try {
    const replay = await replayRun(host, folder)
    if (stateHash === undefined)
      return 'it recorded no hash: it had not come to its end when it was packed'
    return replay.stateHash === stateHash
      ? undefined
      : `the log gives the state ${replay.stateHash}, not ${stateHash}`
  } catch (error) {
    if (!(error instanceof HisoError)) return messageOf(error)
    // Its folder is gone when people read this, and so is what they could do there.
    const { where, what } = error
    return where === undefined ? what : `${where.replace(folder, basename(folder))}: ${what}`
  }
}

/** "a" and "a/b" of "a/b/c". */
const foldersOf = (name: string) =>
  name.split('/').flatMap((_, at, parts) => (at === 0 ? [] : [parts.slice(0, at).join('/')]))

/** What file systems take. */
const longestPart = 255
const longestName = 1000

/** Within the folder, whatever the name says. @throws HisoError FILE_UNREADABLE */
function placeOf(folder: string, name: string, path: string): string {
  const parts = name.split('/')
  const isInside =
    !isAbsolute(name) &&
    !/[\\:\p{Cc}]/u.test(name) &&
    name.length <= longestName &&
    parts.every((part) => !['', '.', '..'].includes(part) && Buffer.byteLength(part) <= longestPart)
  if (!isInside) throw broken(path, `a file in it is called ${JSON.stringify(name)}`)
  return join(folder, ...parts)
}

function parseManifest(bytes: Uint8Array, path: string): Manifest {
  let content: unknown
  try {
    content = parseJson(new TextDecoder().decode(bytes))
  } catch {
    // Said below.
  }
  const parsed = manifestSchema.safeParse(content)
  if (parsed.success) return parsed.data
  throw broken(path, `its ${manifestName} is not of the form that this program reads`)
}

function broken(path: string, what: string): HisoError {
  return new HisoError('FILE_UNREADABLE', {
    where: path,
    what,
    remedy: 'Take it from where it was made again; hiso capsule RUN… makes one',
  })
}
