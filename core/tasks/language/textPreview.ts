/**
 * What a language task's texts are and how they become tokens, on its first rows and without a
 * model: for people who are still writing the config. What is wrong is told per field of the
 * config, beside what can be shown all the same.
 */
import { HisoError, own, type Host } from '../../base/index.ts'
import type { LanguageSettings } from '../../config/index.ts'
import {
  candidatesOf,
  encodePrompt,
  encodeRows,
  openTables,
  parseTemplate,
  readTemplate,
  requiredFields,
  type Template,
  type TextTable,
  type TextTokenizer,
  type TokenRow,
} from '../../data/index.ts'
import { answersOf, openTokenizerOf } from './texts.ts'

/** What is wrong with a field of the config. */
export interface FieldProblem {
  /** Of the field, such as `task.template`. */
  readonly path: string
  readonly what: string
  readonly remedy?: string
}

export interface TextPreview {
  readonly table?: {
    readonly title: string
    readonly columns: readonly string[]
    /** Rows that were read, from the first on; there may be more. */
    readonly rows: number
    /** Cells of the first rows, in the order of the columns; long ones are cut. */
    readonly first: readonly (readonly string[])[]
  }
  readonly template?: TemplatePreview
  /** Of the first rows. */
  readonly examples: readonly TextExample[]
  /** Tokens of each row that was read, before anything is shortened. */
  readonly lengths?: Int32Array
  /** One more than the tokenizer's largest token id. */
  readonly vocabulary?: number
  readonly problems: readonly FieldProblem[]
}

export interface TemplatePreview {
  readonly title: string
  readonly kind: Template['kind']
  /** As it is written, YAML. */
  readonly text: string
  /** Columns that it needs, by its own names for them. */
  readonly fields: readonly string[]
  /**
   * The words that answer a prompt, with what the label column holds for each; empty where answers
   * are texts.
   */
  readonly words: readonly { readonly word: string; readonly labels: readonly string[] }[]
}

export interface TextExample {
  /** The prompt as the model reads it, shortened if need be. */
  readonly prompt: string
  /** What is to follow it. */
  readonly answer: string
  /** Tokens of the whole row. */
  readonly tokens: number
  /** Of which the model reads so many. */
  readonly kept: number
}

/** Enough for a histogram, and tokenised within a second or two. */
const readRows = 256
const shownRows = 5
const shownExamples = 3
/** Letters of a cell. */
const shownLetters = 240

/**
 * @param templateText a template that is being written, in place of the one that the task names
 * @throws only what is no HisoError: whatever a person can put right is among the problems
 */
export async function previewText(
  task: LanguageSettings,
  host: Host,
  templateText?: string,
): Promise<TextPreview> {
  const problems: FieldProblem[] = []
  const attempt: Attempt = async (path, make) => {
    try {
      return await make()
    } catch (error) {
      if (!(error instanceof HisoError)) throw error
      const { what, remedy } = error
      problems.push({ path, what, ...(remedy === undefined ? {} : { remedy }) })
      return undefined
    }
  }
  const source = await attempt('task.dataset', async () => {
    const { title, tables } = await openTables(task.dataset, host.files)
    // Rows of the test file that can't be read are reported here too.
    const [table] = await Promise.all(tables.map((it) => it.first(readRows)))
    return { title, table: table! }
  })
  const template = await attempt('task.template', () => openText(task, host, templateText))
  const tokenizer = await attempt(
    task.tokenizer === undefined ? 'task.model' : 'task.tokenizer',
    () => openTokenizerOf(task, host),
  )
  const answers = await attempt('task.model', () => answersOf(task, host))
  const table = source?.table
  const tokens =
    table === undefined ||
    template === undefined ||
    tokenizer === undefined ||
    answers === undefined
      ? undefined
      : await tokenise({ task, table, template: template.parsed, tokenizer, answers }, attempt)
  return {
    ...(table === undefined ? {} : { table: { title: source!.title, ...shownOf(table) } }),
    ...(template === undefined ? {} : { template: describe(template) }),
    ...(tokenizer === undefined ? {} : { vocabulary: tokenizer.vocabulary }),
    examples: [],
    ...tokens,
    problems,
  }
}

/** The result, or undefined and a problem of the field at `path`. */
type Attempt = <Result>(
  path: string,
  make: () => Result | Promise<Result>,
) => Promise<Result | undefined>

interface Parts {
  readonly task: LanguageSettings
  readonly table: TextTable
  readonly template: Template
  readonly tokenizer: TextTokenizer
  readonly answers: 'tokens' | 'classes'
}

async function tokenise(
  parts: Parts,
  attempt: Attempt,
): Promise<Pick<TextPreview, 'lengths' | 'examples'> | undefined> {
  const { task, table, template, tokenizer, answers } = parts
  if (template.kind === 'classification' && answers === 'tokens') {
    const candidates = await attempt('task.template', () => candidatesOf(template, tokenizer))
    if (candidates === undefined) return undefined
  }
  const encoded = await attempt('task.columns', () =>
    encodeRows(table, template, tokenizer, { ...task, maxLength: Infinity }),
  )
  if (encoded === undefined) return undefined
  const examples = await attempt('task.maxLength', () =>
    encoded.rows
      .slice(0, shownExamples)
      .map((row, index) => exampleOf(parts, index, row, encoded.labels[index]!)),
  )
  return {
    lengths: Int32Array.from(encoded.rows, ({ ids }) => ids.length),
    examples: examples ?? [],
  }
}

interface WrittenTemplate {
  readonly text: string
  readonly parsed: Template
}

async function openText(
  { template }: LanguageSettings,
  { files }: Host,
  given: string | undefined,
): Promise<WrittenTemplate> {
  const { text, path } =
    given === undefined
      ? await readTemplate(template, files)
      : { text: given, path: 'the template' }
  return { text, parsed: parseTemplate(text, template, path) }
}

/** @throws HisoError CONFIG_INVALID where the row is too long and may not be shortened */
function exampleOf(
  { task, table, template, tokenizer }: Parts,
  index: number,
  { ids, answerFrom }: TokenRow,
  label: number,
): TextExample {
  const tail = ids.subarray(answerFrom)
  const textOf = (field: string) => table.column(own(task.columns, field) ?? field)[index]!
  const prompt = encodePrompt(template, tokenizer, textOf, {
    ...task,
    maxLength: task.maxLength - tail.length,
    place: `${table.name}, row ${index + 1}`,
  })
  return {
    prompt: tokenizer.decode(prompt.ids),
    answer:
      template.kind === 'classification'
        ? template.verbalizers[label]!.word
        : tokenizer.decode([...tail]),
    tokens: ids.length,
    kept: prompt.ids.length + tail.length,
  }
}

function shownOf(table: TextTable) {
  const { columns, count } = table
  const cells = columns.map((name) => table.column(name).slice(0, shownRows))
  return {
    columns,
    rows: count,
    first: Array.from({ length: Math.min(count, shownRows) }, (_, row) =>
      cells.map((column) => shortened(column[row]!)),
    ),
  }
}

const shortened = (text: string) =>
  text.length <= shownLetters ? text : `${text.slice(0, shownLetters)}…`

function describe({ text, parsed }: WrittenTemplate): TemplatePreview {
  const { title, kind } = parsed
  return {
    title,
    kind,
    text,
    fields: requiredFields(parsed),
    words: parsed.kind === 'classification' ? parsed.verbalizers : [],
  }
}
