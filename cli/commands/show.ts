/** `hiso show`: all there is to say of one run. */
import { basename, resolve } from 'node:path'
import { hasSamples, methodTitle, networkTitle, type RunConfig } from '../../core/config/index.ts'
import {
  bestOf,
  readRun,
  seenStatus,
  type RunRecord,
  type SeenStatus,
  type StoredRun,
} from '../../core/runs/index.ts'
import type { CommandContext } from '../context.ts'
import { exitCodes } from '../exitCodes.ts'
import { qualityFacts } from '../qualityFacts.ts'
import { formatPairs, type Cell } from '../table.ts'
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatLoss,
  formatPlural,
  formatShare,
} from '../units.ts'

export async function show(
  { host, terminal, cwd }: CommandContext,
  folder: string,
  { json = false }: { readonly json?: boolean },
): Promise<number> {
  const run = await readRun(host, resolve(cwd, folder))
  const status = await seenStatus(host.files, run.path, run.record)
  if (json) {
    const { path, record, config, notices } = run
    terminal.print(JSON.stringify({ folder: path, status, record, config, notices }))
    return exitCodes.ok
  }
  terminal.print(`\n  ${terminal.paint('bold', basename(run.path))}\n`)
  terminal.print(formatPairs(terminal, pairsOf(run, status)))
  return exitCodes.ok
}

function pairsOf(
  { config, record, rows, log, notices }: StoredRun,
  status: SeenStatus,
): (readonly [string, Cell])[] {
  const last = rows.at(-1)
  const privacy = 'privacy' in config.method ? config.method.privacy : undefined
  const best = bestOf(rows, 'testAccuracy')
  const evaluated = rows.findLast(({ testLoss }) => testLoss !== undefined)
  const { environment, fingerprints, initial, model, computedBy = [] } = record
  const said = [...new Set([...(record.information ?? []), ...record.notices, ...notices])]
  return [
    [
      'status',
      `${status}, ${formatCount(rows.length)} of ${formatPlural(config.federation.rounds, 'round')}`,
    ],
    ...(record.error === undefined
      ? []
      : [['error', `${record.error.code}: ${record.error.message}`.split('\n')] as const]),
    ['started', `${record.created.slice(0, 19).replace('T', ' ')} UTC`],
    ['method', methodText(config)],
    ['task', taskText(config)],
    ['model', formatPlural(model.dim, 'parameter')],
    ['split', keyValues(config.split)],
    ['federation', keyValues(config.federation)],
    ...(networkTitle(config) === undefined
      ? []
      : [
          ['network', keyValues(config.network)] as const,
          ['devices', keyValues(config.devices)] as const,
        ]),
    ['seed', String(config.seed)],
    ...(evaluated === undefined
      ? []
      : [
          [
            'latest',
            [
              ...qualityFacts(evaluated),
              `test loss ${formatLoss(evaluated.testLoss!)}`,
              `(round ${formatCount(evaluated.round)})`,
            ].join('  '),
          ] as const,
        ]),
    ...(best === undefined ? [] : [['best accuracy', formatShare(best)] as const]),
    ...qualityFacts(initial).map((fact) => ['zero-shot', fact] as const),
    ...(last === undefined
      ? []
      : [
          [
            'bytes',
            `${formatBytes(last.cumulativeUplinkBytes)} up, ${formatBytes(last.cumulativeDownlinkBytes)} down, of which ${formatBytes(rows.reduce((sum, { catchUpBytes }) => sum + catchUpBytes, 0))} catch-up`,
          ] as const,
          [
            'time',
            `${formatDuration(last.elapsedMs)}, ${formatCount(last.cumulativeForwardPasses)} forward passes`,
          ] as const,
          ...(last.simulatedMs === undefined
            ? []
            : [
                [
                  'on network',
                  `${formatDuration(last.simulatedMs)} on ${networkTitle(config)}, ${formatPlural(
                    rows.reduce((sum, { late }) => sum + (late ?? 0), 0),
                    'late answer',
                  )}`,
                ] as const,
              ]),
        ]),
    ...(last?.epsilon === undefined || privacy?.kind !== 'gaussian'
      ? []
      : [
          [
            'privacy',
            `ε ${formatLoss(last.epsilon)} at δ ${privacy.delta}, of the client that replied most often (docs/privacy.md)`,
          ] as const,
        ]),
    ['log', formatBytes(log.bytes.length)],
    ...(record.stateHash === undefined ? [] : [['state', record.stateHash] as const]),
    ...(fingerprints.dataset === undefined ? [] : [['data', fingerprints.dataset] as const]),
    ['initial model', fingerprints.model],
    ['environment', keyValues(environment)],
    ...(computedBy.length === 0 ? [] : [['computed by', computedByText(computedBy)] as const]),
    ...(said.length === 0 ? [] : [['notices', said] as const]),
  ]
}

/** A line for each machine, with its class where there are several. */
function computedByText(computedBy: NonNullable<RunRecord['computedBy']>): readonly string[] {
  const hasClasses = new Set(computedBy.map(({ classOf }) => classOf)).size > 1
  return computedBy.map(({ machine, classOf, batches }) =>
    [
      `${machine}  ${formatCount(batches)} batches`,
      ...(hasClasses ? [`class ${classOf}`] : []),
    ].join('  '),
  )
}

function methodText({ method }: RunConfig): string {
  const { name, ...settings } = method
  return `${methodTitle(name)}  ${keyValues(settings)}`
}

function taskText({ task }: RunConfig): string {
  const { kind, ...settings } = task
  return hasSamples(task) ? `${task.dataset}, ${task.model}` : `${kind}  ${keyValues(settings)}`
}

/** "clients 8, participants 2"; groups in brackets. */
function keyValues(values: object): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]: [string, unknown]) =>
      typeof value === 'object' && value !== null
        ? `${key} (${keyValues(value)})`
        : `${key} ${String(value)}`,
    )
    .join(', ')
}
