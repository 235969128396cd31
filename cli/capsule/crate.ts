/**
 * The description of a capsule as an RO-Crate: which program made which files from which, in the
 * words of schema.org.
 * @see https://w3id.org/ro/crate/1.1, https://w3id.org/ro/wfrun/process/0.5
 */
import { methodTitle, type RunConfig } from '../../core/config/index.ts'
import type { RunRecord } from '../../core/runs/index.ts'

export interface CapsuleRun {
  readonly name: string
  readonly config: RunConfig
  readonly record: RunRecord
  /** Within the capsule. */
  readonly files: readonly string[]
}

export interface CapsuleContents {
  readonly runs: readonly CapsuleRun[]
  readonly figures: readonly { readonly file: string; readonly command: string }[]
  /** Everything else. */
  readonly others: readonly string[]
  readonly version: string
  readonly created: string
}

const process = 'https://w3id.org/ro/wfrun/process/0.5'
const ref = (id: string) => ({ '@id': id })

export function crateOf({ runs, figures, others, version, created }: CapsuleContents): string {
  const program = '#hiso-studio'
  const files = [...runs.flatMap((run) => run.files), ...figures.map(({ file }) => file), ...others]
  const graph = [
    {
      '@id': 'ro-crate-metadata.json',
      '@type': 'CreativeWork',
      conformsTo: ref('https://w3id.org/ro/crate/1.1'),
      about: ref('./'),
    },
    {
      '@id': './',
      '@type': 'Dataset',
      name: `HiSo Studio: ${runs.map(({ name }) => name).join(', ')}`,
      description:
        'Runs of scalar-only federated learning with all that is needed to play them again. hiso capsule verify replays them and compares every hash.',
      datePublished: created,
      license: 'https://spdx.org/licenses/CC-BY-4.0',
      conformsTo: ref(process),
      hasPart: files.map(ref),
      mentions: [
        ...runs.map(({ name }) => ref(`#run-${encodeURIComponent(name)}`)),
        ...figures.map((_, at) => ref(`#figure-${at + 1}`)),
      ],
    },
    { '@id': process, '@type': 'CreativeWork', name: 'Process Run Crate', version: '0.5' },
    {
      '@id': program,
      '@type': 'SoftwareApplication',
      name: 'HiSo Studio',
      softwareVersion: version,
    },
    ...runs.map(({ name, config, record, files: own }) => ({
      '@id': `#run-${encodeURIComponent(name)}`,
      '@type': 'CreateAction',
      name: `${methodTitle(config.method.name)}, seed ${config.seed}`,
      instrument: ref(program),
      startTime: record.created,
      actionStatus: ref(
        record.status === 'failed'
          ? 'http://schema.org/FailedActionStatus'
          : 'http://schema.org/CompletedActionStatus',
      ),
      object: own.filter((file) => file.endsWith('config.yaml')).map(ref),
      result: own.filter((file) => !file.endsWith('config.yaml')).map(ref),
    })),
    ...figures.map(({ file, command }, at) => ({
      '@id': `#figure-${at + 1}`,
      '@type': 'CreateAction',
      name: command,
      instrument: ref(program),
      object: runs
        .flatMap((run) => run.files.filter((own) => own.endsWith('metrics.csv')))
        .map(ref),
      result: [ref(file)],
    })),
    ...files.map((file) => ({ '@id': file, '@type': 'File', name: file.split('/').at(-1) })),
  ]
  return `${JSON.stringify({ '@context': 'https://w3id.org/ro/crate/1.1/context', '@graph': graph }, null, 1)}\n`
}
