/** Asks a fine-tuned language model about a text, and its initial model beside it. */
import { HisoError, own } from '../../base/index.ts'
import { factsOfTask, hasTexts, type TextTask } from '../../config/index.ts'
import {
  classLookup,
  encodePrompt,
  fieldsOf,
  fillIn,
  openTemplate,
  openTables,
  type Template,
} from '../../data/index.ts'
import { nextLogits, feedParams, writeAnswers } from '../../model/index.ts'
import { checkIsWhole, readStoredModel, type PackedModel } from '../../runs/index.ts'
import { checkFingerprints } from '../checkFingerprints.ts'
import type { EngineHost } from '../engineHost.ts'
import { openLanguageModel, openTemplateOf } from '../../tasks/index.ts'
import { readMailedModel, type MailedModel } from './mailedModel.ts'
import { rebuildState } from './rebuildState.ts'
import { giveBase } from './trainedModel.ts'

/** The model to ask: a run's, or one from a file. */
export type TrialSubject = { readonly folder: string } | MailedModel

/** A model's answer to a prompt: the probability of each answer, or the text that it writes. */
export interface Trial {
  readonly prompt: string
  /** Probabilities, in [0, 1]; only for templates that classify. */
  readonly choices?: readonly {
    readonly word: string
    readonly before: number
    readonly after: number
  }[]
  /** Only for templates that generate. */
  readonly texts?: { readonly before: string; readonly after: string }
  readonly isShortened: boolean
}

/** What to ask a run: the fields of its template, with example texts. */
export interface TrialForm {
  readonly kind: Template['kind']
  /** In the order of the prompt. */
  readonly fields: readonly string[]
  /** The field for a text without a name. */
  readonly mainField: string
  /** Rows that the run has not learned from, if its data still exists. */
  readonly examples: readonly TrialExample[]
}

export interface TrialExample {
  readonly fields: Readonly<Record<string, string>>
  /** The right answer, as the template has it. */
  readonly answer: string
}

/** Rows that are offered as examples. */
const offeredRows = 24

/**
 * @param fields texts for the fields of the run's template; those left out are empty
 * @throws HisoError RUN_… (RUN_CHANGED for another base model), MODEL_…; CONFIG_INVALID for fields
 *   that the template does not have, or a run of another kind
 */
export async function tryModel(
  host: EngineHost,
  asked: TrialSubject,
  fields: Readonly<Record<string, string>>,
): Promise<Trial> {
  const run = await openAsked(host, asked)
  const { config, record, log } = run
  const task = textTaskOf(run)
  const { template, tokenizer } = await openTemplateOf(task, host)
  checkFields(template, fields)
  const textOf = (field: string) => fields[field] ?? ''
  const { ids, isShortened } = encodePrompt(template, tokenizer, textOf, {
    ...task,
    place: 'the text',
  })
  const { graph, fingerprint, ...base } = await openLanguageModel({ ...config, task }, host)
  const initial = base.initialParams()
  checkFingerprints(record, { model: fingerprint }, task.model, giveBase)
  const { params: trained } = await rebuildState(config, log, graph.trainables, initial, host)
  const { runner } = await host.openRunner(graph.bytes, config.compute)
  const padding = { token: tokenizer.padding, side: task.paddingSide }
  const prompted = { graph, runner: feedParams(graph, runner), padding }
  const answer = async (params: Float32Array): Promise<Answer> => {
    if (template.kind === 'classification')
      return { probabilities: softmax((await nextLogits(prompted, params, [ids]))[0]!) }
    const { maxNewTokens } = task
    return { text: (await writeAnswers(prompted, params, [ids], { tokenizer, maxNewTokens }))[0]! }
  }
  try {
    const before = await answer(initial)
    const after = await answer(trained)
    return {
      prompt: fillIn(template.prompt, textOf),
      isShortened,
      ...beside(template, before, after),
    }
  } finally {
    await runner.release()
  }
}

/** The field that a text without a name is put into. @throws HisoError as `tryModel` */
export async function mainFieldOf(host: EngineHost, folder: string): Promise<string> {
  const task = textTaskOf(await openAsked(host, { folder }))
  return mainField(await openTemplate(task.template, host.files))
}

/** The one that may be shortened, else the last. */
const mainField = (template: Template) => template.shorten ?? fieldsOf(template.prompt).at(-1)!

/** @throws HisoError as `tryModel` */
export async function describeTrial(host: EngineHost, asked: TrialSubject): Promise<TrialForm> {
  const task = textTaskOf(await openAsked(host, asked))
  const template = await openTemplate(task.template, host.files)
  return {
    kind: template.kind,
    fields: fieldsOf(template.prompt),
    mainField: mainField(template),
    examples: await examplesOf(task, template, host),
  }
}

/**
 * From the test file, or from the only one; the shortest first, as they are quickest to read. A run
 * can be tried without its data; then there are none.
 */
async function examplesOf(
  { dataset, columns }: TextTask,
  template: Template,
  { files }: EngineHost,
): Promise<readonly TrialExample[]> {
  try {
    const { tables } = await openTables(dataset, files)
    const table = await tables.at(-1)!.first(offeredRows)
    const cell = (field: string, row: number) =>
      table.column(own(columns, field) ?? field)[row]!.trim()
    const fields = fieldsOf(template.prompt)
    const lengthOf = (example: TrialExample) => Object.values(example.fields).join('').length
    return Array.from({ length: table.count }, (_, row) => ({
      fields: Object.fromEntries(fields.map((field) => [field, cell(field, row)])),
      answer: answerOf(template, (field) => cell(field, row)),
    })).sort((a, b) => lengthOf(a) - lengthOf(b))
  } catch (error) {
    if (error instanceof HisoError) return []
    throw error
  }
}

function answerOf(template: Template, textOf: (field: string) => string): string {
  if (template.kind === 'generation') return fillIn(template.answer, textOf).trim()
  const label = textOf(template.label)
  const index = classLookup(template)(label)
  return index === undefined ? label : template.verbalizers[index]!.word.trim()
}

type AskedRun = PackedModel & { readonly path: string }

async function openAsked(host: EngineHost, asked: TrialSubject): Promise<AskedRun> {
  if ('folder' in asked) {
    const run = await readStoredModel(host, asked.folder)
    checkIsWhole(run, asked.folder)
    return run
  }
  return { ...(await readMailedModel(host, asked)), path: asked.path }
}

function textTaskOf({ path, config: { task } }: AskedRun): TextTask {
  if (hasTexts(task)) return task
  throw new HisoError('CONFIG_INVALID', {
    where: path,
    what: `the run's task is ${factsOfTask(task).title}: there is no text to try it on`,
    remedy: 'Try a run of a language model',
  })
}

function checkFields(template: Template, fields: Readonly<Record<string, string>>): void {
  const known = fieldsOf(template.prompt)
  const unknown = Object.keys(fields).find((field) => !known.includes(field))
  if (unknown === undefined) return
  throw new HisoError('CONFIG_INVALID', {
    where: `template ${template.name}`,
    what: `it has no field ${unknown}`,
    remedy: `Its fields are ${known.join(', ')}`,
  })
}

type Answer = { readonly probabilities: readonly number[] } | { readonly text: string }

function softmax(logits: Float32Array): number[] {
  const most = logits.reduce((largest, it) => Math.max(largest, it))
  const powers = Array.from(logits, (it) => Math.exp(it - most))
  const sum = powers.reduce((total, it) => total + it, 0)
  return powers.map((it) => it / sum)
}

function beside(
  template: Template,
  before: Answer,
  after: Answer,
): Pick<Trial, 'choices' | 'texts'> {
  if (template.kind === 'generation')
    return { texts: { before: textOf(before), after: textOf(after) } }
  const [first, second] = [before, after].map((it) =>
    'probabilities' in it ? it.probabilities : [],
  )
  return {
    choices: template.verbalizers.map(({ word }, index) => ({
      word: word.trim(),
      before: first![index]!,
      after: second![index]!,
    })),
  }
}

const textOf = (answer: Answer) => ('text' in answer ? answer.text : '')
