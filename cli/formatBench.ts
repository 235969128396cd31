/** What `hiso bench` says. */
import type { RoundProfile } from '../core/engine/index.ts'
import type { MachineBench } from './machineBench.ts'
import { formatPairs, formatTable } from './table.ts'
import type { Terminal } from './terminal.ts'
import { formatCount, formatDuration, formatShare } from './units.ts'

export function formatBench(result: MachineBench, terminal: Terminal): string {
  const { cpu, cores, noise, tookMs } = result
  const pairs = formatPairs(terminal, [
    ['machine', `${cpu}, ${cores} cores`],
    [
      'noise',
      `${formatCount(noise.millionNormalsPerSecond)} million normals/s on one thread (${noise.kernels})`,
    ],
  ])
  const took = terminal.paint(
    'dim',
    `  Took ${formatDuration(tookMs)}; other work on the machine makes all of it slower.`,
  )
  return [
    pairs,
    modelTable(result, terminal),
    choices(result, terminal),
    roundTable(result, terminal),
    took,
  ].join('\n\n')
}

/** Forward passes per second: one session per provider, then whole rounds per number of workers. */
function modelTable({ models }: MachineBench, terminal: Terminal): string {
  const providers = models[0]!.providers
    .map(({ provider }) => provider)
    .filter((name) =>
      models.some((it) =>
        it.providers.some((p) => p.provider === name && p.passesPerSecond !== undefined),
      ),
    )
  const counts = models[0]!.workers.map(({ workers }) => workers)
  return formatTable(
    terminal,
    [
      { title: 'minibatches of 32 per second' },
      { title: 'd', isNumber: true },
      ...providers.map((title) => ({ title: `${title} alone`, isNumber: true })),
      ...counts.map((count) => ({
        title: count === 1 ? '1 worker' : `${count} workers`,
        isNumber: true,
      })),
    ],
    models.map(({ model, dim, providers: tried, workers }) => [
      model,
      formatCount(dim),
      ...providers.map((name) => {
        const rate = tried.find(({ provider }) => provider === name)?.passesPerSecond
        return rate === undefined ? '–' : formatCount(rate)
      }),
      ...counts.map((count) => {
        const rate = workers.find((it) => it.workers === count)?.passesPerSecond
        return rate === undefined ? '–' : formatCount(rate)
      }),
    ]),
  )
}

/** Models that are computed alike stand in one line. */
function choices({ models }: MachineBench, terminal: Terminal): string {
  const modelsOf = new Map<string, { lines: readonly string[]; names: string[] }>()
  for (const { model, chosen } of models) {
    const { provider, providerReason, workers, workersReason } = chosen
    const count = `${workers} ${workers === 1 ? 'worker' : 'workers'}`
    const lines = [`${provider} (${providerReason})`, `${count} (${workersReason})`]
    const key = lines.join()
    modelsOf.set(key, { lines, names: [...(modelsOf.get(key)?.names ?? []), model] })
  }
  const pairs = Array.from(
    modelsOf.values(),
    ({ lines, names }) => [names.join(', '), lines] as const,
  )
  return `  ${terminal.paint('bold', 'What auto takes')}\n${formatPairs(terminal, pairs)}`
}

const parts: readonly (readonly [title: string, part: keyof RoundProfile])[] = [
  ['forward', 'forwardMs'],
  ['minibatches', 'batchesMs'],
  ['noise, x ± μz', 'directionsMs'],
  ['update', 'updateMs'],
  ['protocol', 'protocolMs'],
]

function roundTable({ rounds }: MachineBench, terminal: Terminal): string {
  return formatTable(
    terminal,
    [
      { title: 'a round: 4 clients, P = 10' },
      { title: 'time', isNumber: true },
      ...parts.map(([title]) => ({ title, isNumber: true })),
      { title: 'of pure forward', isNumber: true },
    ],
    rounds.map((round) => [
      round.model,
      formatDuration(round.roundMs),
      ...parts.map(([, part]) => formatShare(round[part] / round.roundMs)),
      `${(round.roundMs / round.pureForwardMs).toFixed(2)}×`,
    ]),
  )
}
