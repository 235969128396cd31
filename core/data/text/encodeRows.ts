/** Turns rows of a table into rows of tokens, by a template. */
import { HisoError, own } from '../../base/index.ts'
import { excerpt, labelKey } from '../table/cell.ts'
import type { TokenRow } from './sequences.ts'
import type { TextTable } from './table.ts'
import {
  fieldsOf,
  fillIn,
  type ClassificationTemplate,
  type GenerationTemplate,
  type Template,
} from './template.ts'
import type { TextTokenizer } from './tokenizer.ts'

/**
 * A generous length of a token in letters: text beyond this many letters per token is cut off in
 * any case, so it need not be tokenised.
 */
const CHARACTERS = 8

/** What happens to rows with more tokens than `maxLength`. */
type Truncation = 'field' | 'left' | 'right' | 'refuse'

export interface EncodeOptions {
  /**
   * The column of each field of the template; a field that is not listed is the column of its own
   * name.
   */
  readonly columns: Readonly<Record<string, string>>
  /** The most tokens of a row. */
  readonly maxLength: number
  readonly truncation: Truncation
}

export interface EncodedRows {
  readonly rows: readonly TokenRow[]
  readonly labels: Int32Array
  /** The accepted answers of each row, if answers are texts. */
  readonly references: readonly (readonly string[])[]
  /** The number of shortened rows. */
  readonly shortened: number
  /** How the file was understood, for people. */
  readonly notices: readonly string[]
  /** Cells of the column that the split looks at; empty where it looks at none. */
  readonly groups: readonly string[]
}

/**
 * The token of each verbalizer.
 * @throws HisoError CONFIG_INVALID for one that the tokenizer splits into several tokens, or for
 *   two with the same token
 */
export function candidatesOf(
  template: ClassificationTemplate,
  tokenizer: TextTokenizer,
): readonly number[] {
  const invalid = (what: string, remedy: string) =>
    new HisoError('CONFIG_INVALID', { where: `template ${template.name}`, what, remedy })
  const tokens = template.verbalizers.map(({ word }) => {
    const ids = tokenizer.encodePart(word)
    if (ids.length === 1) return ids[0]!
    const parts = ids.map((id) => tokenizer.tokenAt(id)).join(' · ')
    throw invalid(
      `the verbalizer "${word}" is ${ids.length} tokens for this tokenizer (${parts}), and an answer must be one token`,
      'Choose words that are one token each, in a template of your own',
    )
  })
  const twice = tokens.findIndex((token, index) => tokens.indexOf(token) !== index)
  if (twice < 0) return tokens
  throw invalid(
    `two verbalizers begin with the same token (${tokenizer.tokenAt(tokens[twice]!)})`,
    'Choose words that differ',
  )
}

/**
 * @throws HisoError DATA_INVALID for missing columns and labels that the template does not know,
 *   naming the row
 * @throws HisoError CONFIG_INVALID if rows are too long and `truncation` is `refuse`, or the
 *   template alone is too long
 */
export function encodeRows(
  table: TextTable,
  template: Template,
  tokenizer: TextTokenizer,
  options: EncodeOptions,
): EncodedRows {
  const nameOf = (field: string) => own(options.columns, field) ?? field
  const cells = new Map(
    fieldsOf(template.prompt).map((field) => [field, table.column(nameOf(field))]),
  )
  const rest = columnsBehind(template, table, nameOf)
  let shortened = 0
  const rows = Array.from({ length: table.count }, (_, row) => {
    const answer = rest.answers?.[row]
    const tail = answer === undefined ? [] : tokenizer.encodePart(answer)
    const prompt = encodePrompt(template, tokenizer, (field) => cells.get(field)![row]!, {
      ...options,
      maxLength: options.maxLength - tail.length,
      place: placeOf(table, row),
    })
    if (prompt.isShortened) shortened++
    return rowOf(prompt.ids, tail)
  })
  return {
    rows,
    labels: rest.labels,
    references: rest.references,
    shortened,
    notices: table.notices,
    groups: [],
  }
}

/**
 * The tokens of one prompt.
 *
 * @param textOf the text of a field
 * @throws HisoError CONFIG_INVALID if it is too long and `truncation` is `refuse`
 */
export function encodePrompt(
  template: Template,
  tokenizer: TextTokenizer,
  textOf: (field: string) => string,
  options: Pick<EncodeOptions, 'maxLength' | 'truncation'> & { readonly place: string },
): { readonly ids: readonly number[]; readonly isShortened: boolean } {
  const { maxLength, truncation, place } = options
  let isCut = false
  const valueOf = (field: string) => {
    const text = textOf(field).trim()
    const most = CHARACTERS * Math.max(1, maxLength)
    if (truncation !== 'field' || field !== template.shorten || text.length <= most) return text
    isCut = true
    return text.slice(0, most)
  }
  const whole = tokenizer.encode(fillIn(template.prompt, valueOf))
  if (whole.length <= maxLength) return { ids: whole, isShortened: isCut }
  if (truncation === 'refuse' || maxLength < 2) throw tooLong(place, whole.length, maxLength)
  const ids = shorten(template, tokenizer, valueOf, whole, maxLength, truncation)
  return { ids, isShortened: true }
}

/** Examples are counted from 1, without the lines above them in the file. */
const placeOf = ({ name, firstRow }: TextTable, row: number) =>
  `${name}, example ${firstRow + row + 1}`

function rowOf(prompt: readonly number[], tail: readonly number[]): TokenRow {
  return { ids: Int32Array.from([...prompt, ...tail]), answerFrom: prompt.length }
}

function columnsBehind(template: Template, table: TextTable, nameOf: (field: string) => string) {
  const count = table.count
  if (template.kind === 'classification') {
    const labels = labelsOf(template, table, nameOf(template.label))
    return { labels, references: [], answers: undefined }
  }
  const columnOf = (field: string) => table.column(nameOf(field))
  const parts = new Map(fieldsOf(template.answer).map((field) => [field, columnOf(field)]))
  const references = referencesOf(template, table, columnOf)
  const answers = Array.from({ length: count }, (_, row) =>
    fillIn(template.answer, (field) => parts.get(field)![row]!.trim()),
  )
  return { labels: new Int32Array(count), references, answers }
}

function labelsOf(template: ClassificationTemplate, table: TextTable, column: string): Int32Array {
  const classOf = classLookup(template)
  return Int32Array.from(table.column(column), (cell, row) => {
    const label = cell.trim()
    const index = classOf(label)
    if (index !== undefined) return index
    throw new HisoError('DATA_INVALID', {
      where: placeOf(table, row),
      what:
        label === ''
          ? `column "${column}" is empty, where the label should be`
          : `column "${column}" holds "${excerpt(label)}", and the template ${template.name} has no word for this label`,
      remedy: `It knows ${template.verbalizers.flatMap((it) => it.labels).join(', ')}; correct the column, or add the label to a template of your own`,
    })
  })
}

/**
 * The class that a label names: as the template writes it, or in another spelling of the same
 * number or truth value (`1.0`, `TRUE`).
 */
export function classLookup({
  verbalizers,
}: ClassificationTemplate): (label: string) => number | undefined {
  const pairs = verbalizers.flatMap(({ labels }, index) => labels.map((it) => [it, index] as const))
  const exact = new Map(pairs)
  const alike = new Map(pairs.map(([label, index]) => [labelKey(label), index]))
  return (label) => exact.get(label) ?? alike.get(labelKey(label))
}

/** Reference columns after the first may be missing: not every question has several answers. */
function referencesOf(
  template: GenerationTemplate,
  table: TextTable,
  columnOf: (field: string) => readonly string[],
): readonly (readonly string[])[] {
  const [first, ...others] = template.references
  const present = others.filter((name) => table.columns.includes(name))
  const lists = [first!, ...present].map(columnOf)
  return Array.from({ length: table.count }, (_, row) =>
    lists.map((cells) => cells[row]!).filter((text) => text !== ''),
  )
}

/** The prompt cut to `room` tokens: its longest field, or one of its ends. */
function shorten(
  template: Template,
  tokenizer: TextTokenizer,
  valueOf: (field: string) => string,
  whole: readonly number[],
  room: number,
  truncation: Truncation,
): readonly number[] {
  if (truncation === 'right') return whole.slice(0, room)
  const { shorten: field } = template
  if (truncation === 'field' && field !== undefined) {
    const tokens = tokenizer.encodePart(valueOf(field))
    for (let kept = tokens.length - (whole.length - room); kept >= 0;) {
      const cut = tokenizer.decode(tokens.slice(0, kept)).trimEnd()
      const prompt = fillIn(template.prompt, (name) => (name === field ? cut : valueOf(name)))
      const ids = tokenizer.encode(prompt)
      if (ids.length <= room) return ids
      kept -= ids.length - room
    }
  }
  // The question stands at the end; the start-of-text tokens stay in front of it.
  const opening = tokenizer.encode('').slice(0, room - 1)
  return [...opening, ...whole.slice(opening.length - room)]
}

function tooLong(where: string, tokens: number, room: number): HisoError {
  return new HisoError('CONFIG_INVALID', {
    where,
    what: `${tokens} tokens are more than the ${Math.max(0, room)} that task.maxLength leaves for the prompt`,
    remedy:
      'Raise task.maxLength (at most to the positions that the model has), or set task.truncation to field, left or right',
  })
}
