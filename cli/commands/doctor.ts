/** `hiso doctor`: what this machine offers and what is missing. */
import { accessSync, constants } from 'node:fs'
import { cpus } from 'node:os'
import { dirname, resolve } from 'node:path'
import { messageOf } from '../../core/base/index.ts'
import { builtInModels } from '../../core/config/index.ts'
import { listBundledDatasets, listBundledTexts } from '../../core/data/index.ts'
import { createKernels } from '../../core/kernels/index.ts'
import { listBundledLanguage } from '../../core/tasks/index.ts'
import { defaultLibrary, shortPath, type CommandContext } from '../context.ts'
import { exitCodes } from '../exitCodes.ts'
import { probeProviders, type ProviderState } from '../providerProbe.ts'
import { formatPairs, type Cell } from '../table.ts'
import type { Terminal } from '../terminal.ts'
import { formatBytes, formatDuration } from '../units.ts'

interface DoctorReport {
  readonly environment: Readonly<Record<string, string | number>>
  readonly cpu: string
  readonly cores: number
  readonly memoryBytes: number
  readonly kernels: string
  readonly providers: readonly ProviderState[]
  readonly datasets: readonly {
    readonly name: string
    readonly train: number
    readonly test: number
  }[]
  /** Classifiers that take their shape from the dataset, then pre-trained decoders. */
  readonly models: readonly string[]
  readonly library: { readonly folder: string; readonly writable: boolean }
  /** What keeps something from working, for people; empty when all is well. */
  readonly problems: readonly string[]
}

export async function doctor(
  context: CommandContext,
  { json = false }: { readonly json?: boolean },
): Promise<number> {
  const report = await examine(context)
  const { terminal, cwd } = context
  terminal.print(json ? JSON.stringify(report) : `\n${reportText(report, terminal, cwd)}`)
  return report.problems.length === 0 ? exitCodes.ok : exitCodes.machine
}

async function examine({ host, cwd }: CommandContext): Promise<DoctorReport> {
  const problems: string[] = []
  const kernels = createKernels(1024).name
  if (kernels === 'plain')
    problems.push('WebAssembly SIMD is missing: random directions are made several times slower')
  const datasets = await bundledDatasets(host, problems)
  const models = await bundledModels(host, problems)
  const providers = await probeProviders()
  for (const { provider, obstacle } of providers)
    if (provider === 'cpu' && obstacle !== undefined)
      problems.push(`the CPU provider does not work: ${obstacle}`)
  const folder = resolve(cwd, defaultLibrary)
  const writable = canWrite(folder)
  if (!writable)
    problems.push(`${shortPath(folder, cwd)} can’t be written: give run another place with --out`)
  return {
    environment: host.environment,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: host.cores,
    memoryBytes: host.memoryBytes,
    kernels,
    providers,
    datasets,
    models,
    library: { folder, writable },
    problems,
  }
}

async function bundledDatasets(host: CommandContext['host'], problems: string[]) {
  try {
    const images = await listBundledDatasets(host.files)
    const found = [...images, ...(await listBundledTexts(host.files))]
    if (found.length === 0) problems.push('no bundled dataset was found beside the program')
    return found.map(({ name, metadata: { train, test } }) => ({ name, train, test }))
  } catch (error) {
    problems.push(messageOf(error))
    return []
  }
}

async function bundledModels(host: CommandContext['host'], problems: string[]) {
  try {
    const { models } = await listBundledLanguage(host)
    const trained = models.filter(({ isTrained }) => isTrained).map(({ name }) => name)
    if (trained.length === 0) problems.push('no bundled model was found beside the program')
    return [...builtInModels, ...trained]
  } catch (error) {
    problems.push(messageOf(error))
    return [...builtInModels]
  }
}

/** Whether a folder, or the nearest one above it that exists, may be written to. */
function canWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK)
    return true
  } catch (cause) {
    const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT'
    return isMissing && dirname(folder) !== folder && canWrite(dirname(folder))
  }
}

function reportText(report: DoctorReport, terminal: Terminal, cwd: string): string {
  const { environment, cpu, cores, memoryBytes, kernels, providers, datasets, models, library } =
    report
  const good = (text: string) => `${terminal.paint('green', '✓')} ${text}`
  const missing = (text: string) => `${terminal.paint('dim', '–')} ${text}`
  const bad = (text: string) => `${terminal.paint('red', '✗')} ${text}`
  const pairs: (readonly [string, Cell])[] = [
    ['HiSo Studio', String(environment['hiso'])],
    ['machine', `${environment['platform']} ${environment['arch']}, ${cpu}`],
    ['cores', String(cores)],
    ['memory', formatBytes(memoryBytes)],
    ['Node', String(environment['node'])],
    ['ONNX Runtime', String(environment['onnxruntime'])],
    ['kernels', kernels === 'plain' ? bad('plain, no SIMD') : good('SIMD WebAssembly')],
    [
      'providers',
      providers.map(({ provider, obstacle, runMs }) =>
        obstacle === undefined
          ? good(`${provider}${runMs === undefined ? '' : ` (${formatDuration(runMs)} per batch)`}`)
          : missing(`${provider}: ${obstacle}`),
      ),
    ],
    ['datasets', datasets.map(({ name, train, test }) => good(`${name} (${train} + ${test})`))],
    ['models', models.map(good)],
    [
      'runs',
      library.writable
        ? good(`${shortPath(library.folder, cwd)} can be written`)
        : bad(`${shortPath(library.folder, cwd)} can’t be written`),
    ],
  ]
  const verdict =
    report.problems.length === 0
      ? `  ${terminal.paint('green', '✓')} All is well.`
      : report.problems.map((problem) => `  ${terminal.paint('red', '✗')} ${problem}.`).join('\n')
  return `${formatPairs(terminal, pairs)}\n\n${verdict}`
}
