/** From `task.dataset`, `task.template` and a tokenizer to rows of tokens in memory. */
import { HisoError, type Files, type Host } from '../../base/index.ts'
import { suggestion, type TextSettings } from '../../config/index.ts'
import { holdOut } from '../holdOut.ts'
import { listBundledTexts } from './bundledTexts.ts'
import { candidatesOf, encodeRows, type EncodedRows } from './encodeRows.ts'
import { readTable } from './readTable.ts'
import type { SequenceDataset, SequenceSamples } from './sequences.ts'
import type { TextTable } from './table.ts'
import { openTemplate, type Template } from './template.ts'
import type { TextTokenizer } from './tokenizer.ts'

export interface OpenedSequences {
  readonly dataset: SequenceDataset
  readonly template: Template
}

/**
 * A folder holds `train` and `test` (or `validation`) files; a single file gets its test rows by holding out `testShare`.
 *
 * @throws HisoError DATA_NOT_FOUND, DATA_INVALID, CONFIG_INVALID, FILE_UNREADABLE
 */
export async function openSequences(
  settings: TextSettings,
  tokenizer: TextTokenizer,
  host: Host,
): Promise<OpenedSequences> {
  const { files } = host
  const template = await openTemplate(settings.template, files)
  const source = await openTables(settings.dataset, files)
  const candidates =
    template.kind === 'classification' ? candidatesOf(template, tokenizer) : undefined
  const classes =
    template.kind === 'classification' ? template.verbalizers.map((it) => it.word.trim()) : ['text']
  const encoded = source.tables.map((table) => encodeRows(table, template, tokenizer, settings))
  const [first, second] = encoded as [EncodedRows, EncodedRows | undefined]
  const all = indices(first.rows.length)
  const split =
    second === undefined ? holdOut(first.labels, classes.length, settings.testShare) : undefined
  const train = samplesOf(first, split?.train ?? all)
  const test =
    second === undefined
      ? samplesOf(first, split!.test)
      : samplesOf(second, indices(second.rows.length))
  const rows = encoded.reduce((sum, it) => sum + it.rows.length, 0)
  const shortened = encoded.reduce((sum, it) => sum + it.shortened, 0)
  const notices =
    shortened === 0
      ? []
      : [
          `${shortened} of ${rows} texts were longer than ${settings.maxLength} tokens and were shortened.`,
        ]
  const dataset = {
    name: settings.dataset,
    title: source.title,
    classes,
    candidates,
    vocabulary: tokenizer.vocabulary,
    padding: { token: tokenizer.padding, side: settings.paddingSide },
    longest: encoded
      .flatMap((it) => it.rows)
      .reduce((most, { ids }) => Math.max(most, ids.length), 0),
    train,
    test,
    notices,
  }
  return { dataset: { ...dataset, fingerprint: fingerprintOf(dataset, host) }, template }
}

const indices = (count: number) => Uint32Array.from({ length: count }, (_, index) => index)

function samplesOf(
  { rows, labels, references }: EncodedRows,
  chosen: Uint32Array,
): SequenceSamples {
  return {
    count: chosen.length,
    labels: Int32Array.from(chosen, (row) => labels[row]!),
    row: (index) => rows[chosen[index]!]!,
    references: (index) => references[chosen[index]!] ?? [],
  }
}

/**
 * SHA-256 over one line of JSON `{"format":"hiso-sequences-1","classes":[…],"candidates":[…]|null,"padding":{"token":…,"side":…},"train":n,"test":n}` and a line
 * feed, then for each row of train and test: its number of tokens, `answerFrom` and label, and its tokens, all int32, little-endian.
 */
function fingerprintOf(dataset: Omit<SequenceDataset, 'fingerprint'>, host: Host): string {
  const { classes, candidates = null, padding, train, test } = dataset
  const header = {
    format: 'hiso-sequences-1',
    classes,
    candidates,
    padding,
    train: train.count,
    test: test.count,
  }
  const digest = host.sha256().update(new TextEncoder().encode(`${JSON.stringify(header)}\n`))
  for (const samples of [train, test])
    for (let i = 0; i < samples.count; i++) {
      const { ids, answerFrom } = samples.row(i)
      const row = Int32Array.of(ids.length, answerFrom, samples.labels[i]!, ...ids)
      digest.update(new Uint8Array(row.buffer))
    }
  return digest.hex()
}

/** One table, or those of training and test. */
interface Tables {
  readonly title: string
  readonly tables: readonly [TextTable] | readonly [TextTable, TextTable]
}

async function openTables(dataset: string, files: Files): Promise<Tables> {
  const bundled = await listBundledTexts(files)
  const own = bundled.find(({ name }) => name === dataset)
  if (own !== undefined)
    return { ...(await openFolder(own.folder, files)), title: own.metadata.title }
  switch (await files.kind(dataset)) {
    case 'folder':
      return openFolder(dataset, files)
    case 'file':
      return { title: lastPart(dataset), tables: [await readTable(dataset, files)] }
    case undefined: {
      const names = bundled.map(({ name }) => name)
      const near = suggestion(dataset, names)
      throw new HisoError('DATA_NOT_FOUND', {
        where: 'task.dataset',
        what: `"${dataset}" is neither a bundled set of texts nor a file or folder`,
        remedy: `${near === undefined ? '' : `Did you mean ${near}? `}Give the path of a JSON Lines, CSV, TSV or Parquet file, of a folder with train and test files, or one of ${names.join(', ')}`,
      })
    }
  }
}

const lastPart = (path: string) => path.split(/[\\/]/).findLast((part) => part !== '') ?? path

async function openFolder(folder: string, files: Files): Promise<Tables> {
  const names = await files.list(folder)
  const find = (...parts: readonly string[]) => {
    const found = parts.flatMap((part) =>
      names.filter((name) =>
        new RegExp(`^${part}[-.].*(jsonl|ndjson|json|csv|tsv|parquet)(\\.gz)?$`).test(name),
      ),
    )
    return found[0]
  }
  const train = find('train')
  const test = find('test', 'validation', 'dev')
  if (train === undefined || test === undefined)
    throw new HisoError('DATA_NOT_FOUND', {
      where: folder,
      what: `there is no ${train === undefined ? 'train' : 'test or validation'} file in the folder`,
      remedy:
        'Name the files train.jsonl and test.jsonl (or .csv, .tsv, .parquet), or give one file, of which a share is held out',
    })
  const open = (name: string) => readTable(files.join(folder, name), files)
  return { title: lastPart(folder), tables: [await open(train), await open(test)] }
}
