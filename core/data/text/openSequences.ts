/** From `task.dataset`, `task.template` and a tokenizer to rows of tokens in memory. */
import { HisoError, type Host } from '../../base/index.ts'
import { standardNewTokens, type TextSettings } from '../../config/index.ts'
import { holdOut, testShareNotices } from '../holdOut.ts'
import { candidatesOf, encodeRows, type EncodedRows } from './encodeRows.ts'
import { openTables } from './openTables.ts'
import type { RowGroups, SequenceDataset, SequenceSamples } from './sequences.ts'
import type { TextTable } from './table.ts'
import { openTemplate, requiredFields, type Template } from './template.ts'
import type { TextTokenizer } from './tokenizer.ts'

export interface SequenceOptions {
  /** How classes are told apart; `tokens` if left out. */
  readonly answers?: 'tokens' | 'classes'
  /** The column that the split goes by. */
  readonly groupColumn?: string
}

export interface OpenedSequences {
  readonly dataset: SequenceDataset
  readonly template: Template
}

/**
 * A folder holds `train` and `test` (or `validation`) files; a single file gets its test rows by
 * holding out `testShare`.
 *
 * @throws HisoError DATA_NOT_FOUND, DATA_INVALID, CONFIG_INVALID, FILE_UNREADABLE
 */
export async function openSequences(
  settings: TextSettings,
  tokenizer: TextTokenizer,
  host: Host,
  { answers = 'tokens', groupColumn }: SequenceOptions = {},
): Promise<OpenedSequences> {
  const { files } = host
  const template = await openTemplate(settings.template, files)
  const source = await openTables(settings.dataset, files)
  const candidates = answersOf(template, tokenizer, answers)
  const classes =
    template.kind === 'classification' ? template.verbalizers.map((it) => it.word.trim()) : ['text']
  const encoded: EncodedRows[] = []
  for (const table of source.tables)
    encoded.push(await encodeAll(table.batches(), template, tokenizer, settings, groupColumn))
  const [first, second] = encoded as [EncodedRows, EncodedRows | undefined]
  const all = indices(first.rows.length)
  const split =
    second === undefined ? holdOut(first.labels, classes.length, settings.testShare) : undefined
  const chosen = split?.train ?? all
  const train = samplesOf(first, chosen)
  const groups = groupColumn === undefined ? undefined : groupsOf(first.groups, chosen)
  const test =
    second === undefined
      ? samplesOf(first, split!.test)
      : samplesOf(second, indices(second.rows.length))
  const rows = encoded.reduce((sum, it) => sum + it.rows.length, 0)
  const shortened = encoded.reduce((sum, it) => sum + it.shortened, 0)
  const notices = [...new Set(encoded.flatMap((it) => it.notices))]
  if (shortened > 0)
    notices.push(
      `${shortened} of ${rows} texts were longer than ${settings.maxLength} tokens and were shortened.`,
    )
  notices.push(...idleTextSettings(settings, template, second !== undefined))
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
    ...(groups && { groups }),
    train,
    test,
    notices,
  }
  return { dataset: { ...dataset, fingerprint: fingerprintOf(dataset, host) }, template }
}

/** Settings that neither the template nor the files use. */
function idleTextSettings(
  { columns, maxNewTokens, testShare }: TextSettings,
  template: Template,
  hasTests: boolean,
): string[] {
  const references = template.kind === 'generation' ? template.references : []
  const known = [...new Set([...requiredFields(template), ...references])]
  const unknown = Object.keys(columns).filter((field) => !known.includes(field))
  return [
    ...(hasTests ? testShareNotices(testShare) : []),
    ...(template.kind === 'classification' && maxNewTokens !== standardNewTokens
      ? ['task.maxNewTokens does nothing here: answers are classes, and the model writes no text.']
      : []),
    ...unknown.map(
      (field) =>
        `task.columns.${field} does nothing here: the template ${template.name} has no field ${field}, only ${known.join(', ')}.`,
    ),
  ]
}

/** Tokens of all rows, batch by batch: each text is dropped once it is tokenised. */
async function encodeAll(
  batches: AsyncIterable<TextTable>,
  template: Template,
  tokenizer: TextTokenizer,
  settings: TextSettings,
  groupColumn: string | undefined,
): Promise<EncodedRows> {
  const parts: EncodedRows[] = []
  for await (const table of batches)
    parts.push({
      ...encodeRows(table, template, tokenizer, settings),
      groups: groupColumn === undefined ? [] : table.column(groupColumn),
    })
  return {
    groups: parts.flatMap((it) => it.groups),
    rows: parts.flatMap((it) => it.rows),
    labels: Int32Array.from(parts.flatMap((it) => [...it.labels])),
    references: parts.flatMap((it) => it.references),
    shortened: parts.reduce((sum, it) => sum + it.shortened, 0),
    notices: parts.flatMap((it) => it.notices),
  }
}

/** @returns the groups' names, sorted, and of each chosen row the index of its own */
function groupsOf(cells: readonly string[], chosen: Uint32Array): RowGroups {
  const own = Array.from(chosen, (row) => cells[row]!.trim())
  const names = [...new Set(own)].sort()
  return { names, of: Int32Array.from(own, (name) => names.indexOf(name)) }
}

/** What stands for the classes: tokens behind the prompt, or their numbers. */
function answersOf(
  template: Template,
  tokenizer: TextTokenizer,
  answers: SequenceOptions['answers'],
): readonly number[] | undefined {
  if (template.kind === 'generation') {
    if (answers === 'tokens') return undefined
    throw new HisoError('CONFIG_INVALID', {
      where: 'task.template',
      what: `an encoder tells classes apart and writes no text, and the template ${template.name} asks for one`,
      remedy: 'Choose a template that classifies (sentiment, sst2, spam), or a decoder',
    })
  }
  return answers === 'classes'
    ? [...template.verbalizers.keys()]
    : candidatesOf(template, tokenizer)
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
 * SHA-256 over one line of JSON
 * `{"format":"hiso-sequences-1","classes":[…],"candidates":[…]|null,"padding":{"token":…,"side":…},"train":n,"test":n}`
 * and a line feed, then for each row of train and test: its number of tokens, `answerFrom` and
 * label, and its tokens, all int32, little-endian. With a split by a column the line also has
 * `"groups":[…]`, and the groups of the training rows follow at the end.
 */
function fingerprintOf(dataset: Omit<SequenceDataset, 'fingerprint'>, host: Host): string {
  const { classes, candidates = null, padding, groups, train, test } = dataset
  const header = {
    format: 'hiso-sequences-1',
    classes,
    candidates,
    padding,
    train: train.count,
    test: test.count,
    ...(groups && { groups: groups.names }),
  }
  const digest = host.sha256().update(new TextEncoder().encode(`${JSON.stringify(header)}\n`))
  for (const samples of [train, test])
    for (let i = 0; i < samples.count; i++) {
      const { ids, answerFrom } = samples.row(i)
      const row = Int32Array.of(ids.length, answerFrom, samples.labels[i]!, ...ids)
      digest.update(new Uint8Array(row.buffer))
    }
  if (groups !== undefined) digest.update(new Uint8Array(groups.of.slice().buffer))
  return digest.hex()
}
