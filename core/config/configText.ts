/** Config files as text: YAML or JSON in, YAML out, and `key.path=value` overrides. */
import { isScalar, LineCounter, parseDocument, stringify, visit } from 'yaml'
import { z } from 'zod'
import { HisoError, messageOf } from '../base/index.ts'
import { parseRunConfig } from './issues.ts'
import { plainData } from './plainData.ts'
import type { RunConfig } from './runConfig.ts'
import { runConfigSchema } from './runConfig.ts'
import { schemaAt } from './schemaWalk.ts'
import { setValues, type Assignment } from './setValues.ts'
import { explainAmbiguousNumber } from './ambiguousNumber.ts'

/** Letters of a config. Those that people write have a few thousand. */
const LONGEST = 2 ** 18
/** Letters of a lesson, which may hold the runs that it has played. */
export const longestLesson = 2 ** 24

/**
 * Reads YAML or JSON (which is YAML) into plain data.
 * @param longest letters that are read at most
 * @throws HisoError CONFIG_UNREADABLE with line and column
 */
export function readConfigText(text: string, where: string, longest = LONGEST): unknown {
  const unreadable = (what: string) => new HisoError('CONFIG_UNREADABLE', { where, what })
  if (text.length > longest)
    throw unreadable(`it is too long (${text.length} letters; at most ${longest} are read)`)
  // What other encodings become; as UTF-8 a name in it would be another.
  if (/[\0\uFFFD]/.test(text))
    throw unreadable('it is not text in UTF-8: save it again as UTF-8 in your editor')
  return plainData(parseYaml(text, unreadable), unreadable)
}

function parseYaml(text: string, refuse: (what: string) => Error): unknown {
  const lineCounter = new LineCounter()
  // Pretty errors quote the file: of a long line once for each of its errors.
  const document = parseDocument(text, { prettyErrors: false, lineCounter })
  const [error] = document.errors
  if (error !== undefined) {
    const { line, col } = lineCounter.linePos(error.pos[0])
    throw refuse(notYaml(`${error.message} at line ${line}, column ${col}`))
  }
  visit(document, {
    Scalar(_, { value, source, range }) {
      const wrong = typeof value === 'number' ? explainAmbiguousNumber(source ?? '') : undefined
      if (wrong === undefined) return
      const { line, col } = lineCounter.linePos(range![0])
      throw refuse(`${wrong} (line ${line}, column ${col})`)
    },
  })
  return valueOf(document, refuse)
}

/** @throws what `refuse` returns: aliases are looked up only now */
function valueOf(
  document: ReturnType<typeof parseDocument>,
  refuse: (what: string) => Error,
): unknown {
  try {
    return document.toJS() as unknown
  } catch (cause) {
    throw refuse(notYaml(messageOf(cause)))
  }
}

function notYaml(reason: string): string {
  const isDeep = reason.startsWith('Maximum call stack')
  return `this is not valid YAML or JSON: ${isDeep ? 'it is nested too deeply' : reason}`
}

/**
 * The config after overrides such as `method.learningRate=0.01`. Values are YAML, and whole: what a
 * file would take for a comment belongs to them, and where text is wanted they are text.
 * @throws HisoError CONFIG_INVALID
 * @see setValues
 */
export function overrideConfig(input: unknown, overrides: readonly string[]): unknown {
  return setValues(
    input,
    overrides.map((override) => readOverride(override, input)),
  )
}

function readOverride(override: string, input: unknown): Assignment {
  const at = override.indexOf('=')
  const keys = override.slice(0, at).trim().split('.')
  if (at < 1 || keys.includes(''))
    throw new HisoError('CONFIG_INVALID', {
      where: `--set ${override}`,
      what: 'an override has the form key.path=value',
      remedy: 'For example: --set method.learningRate=0.01',
    })
  const wanted = schemaAt(runConfigSchema, keys, input)
  const value = readValue(override.slice(at + 1), override, wanted)
  return { keys, value, written: `--set ${override}` }
}

/** @throws HisoError CONFIG_UNREADABLE or CONFIG_INVALID */
export function parseConfigText(
  text: string,
  where: string,
  overrides: readonly string[] = [],
): RunConfig {
  return parseRunConfig(overrideConfig(readConfigText(text, where), overrides), where)
}

export function formatConfig(config: RunConfig): string {
  return stringify(config)
}

function readValue(text: string, override: string, wanted: z.ZodType | undefined): unknown {
  const invalid = (what: string, remedy?: string) =>
    new HisoError('CONFIG_INVALID', {
      where: `--set ${override}`,
      what,
      ...(remedy === undefined ? {} : { remedy }),
    })
  const document = parseDocument(text)
  const [error] = document.errors
  if (wanted instanceof z.ZodString) return textIn(document, text.trim())
  if (error !== undefined)
    throw invalid(`the value is not valid YAML: ${error.message.split('\n')[0]!}`)
  const { contents } = document
  const isPlain = contents === null || (isScalar(contents) && contents.type === 'PLAIN')
  const wrong = explainAmbiguousNumber(text)
  if (wrong !== undefined) throw invalid(wrong)
  const hasComment = hasComments(document)
  if (hasComment && isPlain) return text.trim()
  if (hasComment)
    throw invalid(
      'what stands behind # would be left out',
      'Leave it out, or put the text in quotation marks',
    )
  return plainData(valueOf(document, invalid), invalid)
}

/** A name such as 007, *best or "a: b" is what was typed; only quotation marks around it go. */
function textIn(document: ReturnType<typeof parseDocument>, typed: string): string | null {
  if (/^(~|null)?$/i.test(typed)) return null
  const { contents, errors } = document
  const isQuoted =
    errors.length === 0 &&
    isScalar(contents) &&
    contents.type?.startsWith('QUOTE') === true &&
    !hasComments(document)
  return isQuoted ? String(contents.value) : typed
}

function hasComments(document: ReturnType<typeof parseDocument>): boolean {
  const comments = [document, document.contents].flatMap((it) => [it?.comment, it?.commentBefore])
  return comments.some((it) => it !== undefined && it !== null)
}
