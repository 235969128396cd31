/**
 * Turns what zod found into sentences that name path, value and allowed range, with a did-you-mean
 * for misspelled keys.
 */
import { closest, distance } from 'fastest-levenshtein'
import { z } from 'zod'
import { HisoError, oneLine } from '../base/index.ts'
import { withoutCompare } from './compare.ts'
import { runConfigSchema, type RunConfig } from './runConfig.ts'
import { keysAt, placesOf, schemaAt, unionNames } from './schemaWalk.ts'

export interface ConfigIssue {
  /** Dotted path, as `--set` takes it. */
  readonly path: string
  readonly message: string
}

/** The name in `known` that `word` was probably meant to be. */
export function suggestion(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined
  const nearest = closest(word, [...known])
  return distance(word.toLowerCase(), nearest.toLowerCase()) <= Math.max(2, word.length / 3)
    ? nearest
    : undefined
}

/**
 * The config, or what is wrong with it, each issue at its path. What is played beside it is another
 * config's business: `configsOf`.
 */
export function checkRunConfig(
  input: unknown,
): { readonly config: RunConfig } | { readonly issues: readonly ConfigIssue[] } {
  const result = checkAgainst(runConfigSchema, withoutCompare(input))
  return 'issues' in result ? result : { config: result.data }
}

/** Data of any schema, or what is wrong with it in the words of a config's messages. */
export function checkAgainst<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
): { readonly data: z.output<Schema> } | { readonly issues: readonly ConfigIssue[] } {
  const result = schema.safeParse(input, { reportInput: true })
  if (result.success) return { data: result.data }
  const issues = result.error.issues.filter((issue, _, all) => !all.some(isTighter(issue)))
  return { issues: issues.flatMap((issue) => describe(issue, { schema, input })) }
}

/** Whether another issue says of the same value that a smaller one is too large. */
const isTighter = (issue: z.core.$ZodIssue) => (other: z.core.$ZodIssue) =>
  issue.code === 'too_big' &&
  other.code === 'too_big' &&
  other.maximum < issue.maximum &&
  issue.path.join('.') === other.path.join('.')

/** What is checked, and against what. */
interface Checked {
  readonly schema: z.ZodType
  readonly input: unknown
}

/**
 * @param where what the config came from, for the message
 * @throws HisoError CONFIG_INVALID listing every issue
 */
export function parseRunConfig(input: unknown, where = 'config'): RunConfig {
  const result = checkRunConfig(input)
  if ('config' in result) return result.config
  throw invalidConfig(result.issues, where)
}

/** CONFIG_INVALID, with a line for each issue. */
export function invalidConfig(issues: readonly ConfigIssue[], where: string): HisoError {
  const lines = issues.map(({ path, message }) => oneLine(`${path || 'the whole file'} ${message}`))
  return new HisoError('CONFIG_INVALID', {
    where,
    what: lines.length === 1 ? lines[0]! : `\n  ${lines.join('\n  ')}`,
  })
}

/**
 * Says of a key that is refused which kind it belongs to, if any; else what it was probably meant
 * to be, or where a key of this name belongs.
 */
function unknownKey(path: readonly PropertyKey[], key: string, { schema, input }: Checked): string {
  const union = schemaAt(schema, path, input)
  if (union instanceof z.ZodDiscriminatedUnion) {
    const owners = unionNames(union).filter((_, i) =>
      Object.hasOwn((union.options[i] as z.ZodObject).shape, key),
    )
    if (owners.length > 0)
      return `belongs to ${union.def.discriminator} ${owners.join(' and ')} only; leave it out, or choose that kind`
  }
  // YAML takes {kind:gaussian} for a key without a value.
  if (/^[^:]+:./.test(key))
    return `is not a known key; put a space behind the colon: ${key.replace(':', ': ')}`
  const known = keysAt(schema, path, input)
  const hint = didYouMean(key, known)
  if (hint !== '') return `is not a known key${hint}`
  const elsewhere = placesOf(schema, key)
  if (elsewhere.length > 0) return `is not a known key here; it is ${elsewhere.join(' or ')}`
  const others = known.length > 0 ? `; known are ${known.join(', ')}` : ''
  return `is not a known key${others}; leave it out, or update HiSo Studio if a newer version wrote it`
}

function describe(issue: z.core.$ZodIssue, checked: Checked): ConfigIssue[] {
  const path = issue.path.join('.')
  const got = `(got ${shown(issue.input)})`
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: [...issue.path, key].join('.'),
        message: unknownKey(issue.path, key, checked),
      }))
    case 'invalid_type': {
      const kind = typeNames[issue.expected] ?? issue.expected
      const message =
        issue.input === undefined
          ? `is missing: it must be ${kind}`
          : `must be ${kind} ${got}${separatorHint(issue.input, issue.expected)}`
      return [{ path, message }]
    }
    case 'too_small':
      return [
        {
          path,
          message: `must be ${issue.inclusive ? 'at least' : 'more than'} ${bound(issue.origin, issue.minimum)} ${got}`,
        },
      ]
    case 'too_big':
      return [
        {
          path,
          message: `must be ${issue.inclusive ? 'at most' : 'less than'} ${bound(issue.origin, issue.maximum)} ${got}`,
        },
      ]
    case 'invalid_value':
      return [{ path, message: choice(issue.input, issue.values.map(String)) }]
    case 'invalid_union': {
      if (issue.discriminator !== undefined)
        return [describeUnion(issue.path, issue.discriminator, checked)]
      const reasons = issue.errors.map((branch) =>
        branch.map((inner) => withoutValue(describe(inner, checked))),
      )
      return [
        { path, message: `${reasons.map((branch) => branch.join(' and ')).join(', or ')} ${got}` },
      ]
    }
    case 'invalid_key':
      return issue.issues.map(({ message }) => ({ path, message }))
    default:
      return [{ path, message: issue.message }]
  }
}

/** A union member that does not exist: which ones there are. */
function describeUnion(
  path: readonly PropertyKey[],
  discriminator: string,
  { schema, input }: Checked,
): ConfigIssue {
  const own = path.at(-1) === discriminator ? path.slice(0, -1) : path
  const value = own.reduce<unknown>(
    (part, key) => (part as Record<PropertyKey, unknown>)[key],
    input,
  )
  const names = unionNames(schemaAt(schema, own, input) as z.ZodDiscriminatedUnion)
  const given = (value as Record<string, unknown> | undefined)?.[discriminator]
  return { path: [...own, discriminator].join('.'), message: choice(given, names) }
}

const typeNames: Record<string, string> = {
  int: 'a whole number',
  number: 'a number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of keys',
}

function choice(given: unknown, names: readonly string[]): string {
  const list =
    names.length === 1 ? names[0]! : `${names.slice(0, -1).join(', ')} or ${names.at(-1)!}`
  if (given === undefined) return `is missing: it must be ${list}`
  const hint = typeof given === 'string' ? didYouMean(given, names) : ''
  return `must be ${list} (got ${shown(given)})${hint}`
}

const shownLetters = 60

/**
 * A value as a message shows it: its beginning, where it is long; numbers that JSON has no word
 * for.
 */
function shown(value: unknown): string {
  if (value === null) return 'nothing'
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  // Undefined for what JSON has no word for at all, functions among it.
  const text = (JSON.stringify(value) as string | undefined) ?? typeof value
  return text.length > shownLetters ? `${text.slice(0, shownLetters)}…` : text
}

/** How to write a number that has separators in it. */
function separatorHint(value: unknown, expected: string): string {
  if (typeof value !== 'string' || !['number', 'int'].includes(expected)) return ''
  return /^[-+]?\d[\d.,'_ ]*$/.test(value.trim())
    ? '; write it with a decimal point and without separators of thousands'
    : ''
}

function bound(origin: string, limit: number | bigint): string {
  if (origin === 'string') return `${limit} characters long`
  if (origin === 'array') return `${limit} long`
  return String(limit)
}

function didYouMean(word: string, known: readonly string[]): string {
  const near = suggestion(word, known)
  return near === undefined ? '' : `; did you mean ${near}?`
}

function withoutValue(issues: readonly ConfigIssue[]): string {
  return issues.map(({ message }) => message.replace(/ \(got .*\)$/s, '')).join(' and ')
}
