/**
 * Templates: how a row of a table becomes a prompt, and which answer is expected after it. They are
 * data (resources/templates, or a file of the user's): adding a task needs no code.
 */
import { z } from 'zod'
import { HisoError, type Files } from '../../base/index.ts'
import { field, readConfigText, suggestion } from '../../config/index.ts'

const verbalizer = z.strictObject({
  word: field(z.string().min(1), {
    label: 'Word',
    help: 'The token after the prompt, including its space if the prompt does not end in one.',
  }),
  labels: field(z.array(z.union([z.string(), z.number(), z.boolean()]).transform(String)).min(1), {
    label: 'Labels',
    help: 'Its values in the label column.',
  }),
})

const shared = {
  title: field(z.string().min(1), { label: 'Title', help: 'What the task is called in lists.' }),
  source: field(z.string().optional(), { label: 'Source', help: 'Where the wording is from.' }),
  prompt: field(z.string().min(1), {
    label: 'Prompt',
    help: 'The text before the answer, with {fields}: names of columns.',
  }),
  shorten: field(z.string().optional(), {
    label: 'Shorten',
    help: 'The field to shorten where a prompt is too long.',
  }),
}

export const templateSchema = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({
      ...shared,
      kind: z.literal('classification'),
      label: field(z.string().min(1), { label: 'Label', help: 'The column of the right answer.' }),
      verbalizers: field(z.array(verbalizer).min(2), {
        label: 'Verbalizers',
        help: 'The answers, each a word and the labels that it stands for.',
      }),
    }),
    z.strictObject({
      ...shared,
      kind: z.literal('generation'),
      answer: field(z.string().min(1), {
        label: 'Answer',
        help: 'The text that follows the prompt in training, with {fields}.',
      }),
      references: field(z.array(z.string()).min(1), {
        label: 'References',
        help: 'The columns that hold accepted answers.',
      }),
      metrics: field(z.array(z.enum(['exactMatch', 'f1', 'rougeL'])).min(1), {
        label: 'Metrics',
        help: 'What answers are measured by; the first is drawn.',
      }),
    }),
  ],
  { error: 'must be classification or generation' },
)

export type Template = z.infer<typeof templateSchema> & { readonly name: string }
export type ClassificationTemplate = Extract<Template, { kind: 'classification' }>
export type GenerationTemplate = Extract<Template, { kind: 'generation' }>

/** Names of the templates that come with the application, sorted. */
export async function listTemplates(files: Files): Promise<readonly string[]> {
  const names = await files.list(files.join(files.resources, 'templates'))
  return names.filter((name) => name.endsWith('.yaml')).map((name) => name.slice(0, -5))
}

/**
 * @param name one of `listTemplates`, or the path of a file of the same form
 * @throws HisoError CONFIG_INVALID, CONFIG_UNREADABLE
 */
export async function openTemplate(name: string, files: Files): Promise<Template> {
  const { text, path } = await readTemplate(name, files)
  return parseTemplate(text, name, path)
}

/** The text of a template, and its path. @throws HisoError CONFIG_INVALID */
export async function readTemplate(
  name: string,
  files: Files,
): Promise<{ readonly text: string; readonly path: string }> {
  const bundled = await listTemplates(files)
  const path = bundled.includes(name)
    ? files.join(files.resources, 'templates', `${name}.yaml`)
    : name
  if ((await files.kind(path)) !== 'file') {
    const near = suggestion(name, bundled)
    throw new HisoError('CONFIG_INVALID', {
      where: 'task.template',
      what: `"${name}" is neither a template that comes with the program nor a file`,
      remedy: `${near === undefined ? '' : `Did you mean ${near}? `}There are ${bundled.join(', ')}; your own file has the form of those in resources/templates`,
    })
  }
  return { text: new TextDecoder().decode(await files.read(path)), path }
}

/** @throws HisoError CONFIG_INVALID, CONFIG_UNREADABLE */
export function parseTemplate(text: string, name: string, where: string): Template {
  const result = templateSchema.safeParse(readConfigText(text, where))
  const invalid = (what: string) => new HisoError('CONFIG_INVALID', { where, what })
  if (!result.success) {
    const [issue] = result.error.issues
    throw new HisoError('CONFIG_INVALID', {
      where,
      what: `${issue!.path.join('.') || 'the template'}: ${issue!.message}`,
      remedy:
        'A template has a title, a kind and a prompt; for classification also label and verbalizers, for generation answer, references and metrics: see those in resources/templates',
    })
  }
  const template = { ...result.data, name }
  const { prompt, shorten } = template
  if (fieldsOf(prompt).length === 0) throw invalid('the prompt has no {field}')
  if (shorten !== undefined && !fieldsOf(prompt).includes(shorten))
    throw invalid(`shorten names {${shorten}}, which is not in the prompt`)
  if (template.kind === 'classification') {
    const labels = template.verbalizers.flatMap((it) => it.labels)
    const twice = labels.find((label, index) => labels.indexOf(label) !== index)
    if (twice !== undefined) throw invalid(`the label ${twice} has two verbalizers`)
  }
  return template
}

/** The columns that a template needs: the prompt's fields, and the parts of the answer. */
export function requiredFields(template: Template): readonly string[] {
  const answer =
    template.kind === 'classification'
      ? [template.label]
      : [...fieldsOf(template.answer), template.references[0]!]
  return [...new Set([...fieldsOf(template.prompt), ...answer])]
}

/** The names in braces, each once, in order. */
export function fieldsOf(text: string): readonly string[] {
  return [...new Set(Array.from(text.matchAll(fieldForm), ([, name]) => name!))]
}

/** The text with each {field} replaced. */
export function fillIn(text: string, valueOf: (field: string) => string): string {
  return text.replace(fieldForm, (_, name: string) => valueOf(name))
}

const fieldForm = /\{([\w.]+)\}/g
