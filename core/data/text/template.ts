/**
 * Templates: how a row of a table becomes a prompt, and which answer is expected after it. They are
 * data (resources/templates, or a file of the user's): adding a task needs no code.
 */
import { z } from 'zod'
import { HisoError, type Files } from '../../base/index.ts'
import { readConfigText, suggestion } from '../../config/index.ts'

const verbalizer = z.strictObject({
  /** The token after the prompt, including its space if the prompt does not end in one. */
  word: z.string().min(1),
  /** Its value in the label column. */
  labels: z.array(z.union([z.string(), z.number(), z.boolean()]).transform(String)).min(1),
})

const shared = {
  title: z.string().min(1),
  /** The source of the wording. */
  source: z.string().optional(),
  /** Text with {fields}: names of columns. */
  prompt: z.string().min(1),
  /** The field to shorten if a prompt is too long. */
  shorten: z.string().optional(),
}

const templateSchema = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({
      ...shared,
      kind: z.literal('classification'),
      label: z.string().min(1),
      verbalizers: z.array(verbalizer).min(2),
    }),
    z.strictObject({
      ...shared,
      kind: z.literal('generation'),
      /** Text with {fields} that follows the prompt. */
      answer: z.string().min(1),
      /** Columns with accepted answers. */
      references: z.array(z.string()).min(1),
      metrics: z.array(z.enum(['exactMatch', 'f1', 'rougeL'])).min(1),
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
