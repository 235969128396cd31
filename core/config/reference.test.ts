/** docs/config.md: every setting, from the schema; and every method, from its facts. */
import { format } from 'prettier'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { fieldFacts } from './field.ts'
import { methodNames } from './method.ts'
import { methodFacts, methodFamily, methodSource } from './methodFacts.ts'
import { runConfigSchema } from './runConfig.ts'
import { unionNames, unwrapSchema } from './schemaWalk.ts'

interface Row {
  readonly path: string
  readonly schema: z.ZodType
  /** The kinds of the innermost choice that have it, where not all do. */
  readonly kinds?: readonly string[]
}

it('is what docs/config.md shows (write it anew with `npm test -- core/config/reference -u`)', async () => {
  const page = await format(markdown(), {
    parser: 'markdown',
    proseWrap: 'always',
    printWidth: 100,
  })
  await expect(page).toMatchFileSnapshot('../../docs/config.md')
}, 300_000)

it('explains every setting and every choice of kinds', () => {
  const silent = Object.entries(runConfigSchema.shape)
    .flatMap(([key, schema]) => rowsOf(schema, key))
    .filter(({ schema }) => fieldFacts(schema) === undefined)
  expect(silent.map(({ path }) => path)).toEqual([])
})

function markdown(): string {
  const groups = Object.entries(runConfigSchema.shape)
  const single = groups.filter(([, schema]) => !isGroup(schema))
  return [
    '# Every setting of a run',
    '',
    'Made from the schema: the form of the app, `--set`, `hiso init` and the messages come from the',
    'same place. A config is YAML or JSON; only `name`, `task` and `method` must be given. A setting',
    'under a kind exists for that kind alone.',
    '',
    ...table(single.flatMap(([key, schema]) => rowsOf(schema, key))),
    ...groups
      .filter(([, schema]) => isGroup(schema))
      .flatMap(([key, schema]) => [
        `## ${key}`,
        '',
        ...introduction(schema),
        ...bodyOf(schema, key),
      ]),
    '## Methods',
    '',
    '| `method.name` | title | idea | family | source |',
    '| --- | --- | --- | --- | --- |',
    ...methodNames.map((name) => {
      const facts = methodFacts[name]
      const cells = [facts.title, facts.summary, methodFamily(facts)]
      return `| \`${name}\` | ${cells.join(' | ')} | ${methodSource(facts)}, ${facts.year} |`
    }),
    '',
  ].join('\n')
}

const isGroup = (schema: z.ZodType): boolean => {
  const inner = unwrapSchema(schema)
  return inner instanceof z.ZodObject || inner instanceof z.ZodDiscriminatedUnion
}

function introduction(schema: z.ZodType): string[] {
  const text = fieldFacts(schema)
  return text === undefined ? [] : [text.help, '']
}

/** A group's own settings; of a union first what all kinds share, then each kind's own. */
function bodyOf(schema: z.ZodType, path: string): string[] {
  const inner = unwrapSchema(schema)
  if (!(inner instanceof z.ZodDiscriminatedUnion)) return table(rowsOf(schema, path))
  const { discriminator } = inner.def
  const lines = [`\`${path}.${discriminator}\`: ${codes(unionNames(inner))}.`, '']
  const byKinds = new Map<string, Row[]>()
  for (const { kinds, row } of memberRows(inner, path)) {
    const heading = kinds === undefined ? 'All kinds:' : `Of ${codes(kinds)}:`
    byKinds.set(heading, [...(byKinds.get(heading) ?? []), row])
  }
  for (const [heading, rows] of byKinds) lines.push(heading, '', ...table(rows))
  return lines
}

/** One row per value, depth first; of a union one for the kind, and those of every member. */
function rowsOf(schema: z.ZodType, path: string): Row[] {
  const inner = unwrapSchema(schema)
  if (inner instanceof z.ZodObject)
    return Object.entries(inner.shape).flatMap(([key, child]) =>
      rowsOf(child as z.ZodType, `${path}.${key}`),
    )
  if (!(inner instanceof z.ZodDiscriminatedUnion)) return [{ path, schema }]
  const own = memberRows(inner, path).map(({ kinds = [], row }) => ({ kinds, ...row }))
  return [{ path: `${path}.${inner.def.discriminator}`, schema }, ...own]
}

interface MemberRow {
  readonly row: Row
  /** The kinds that have it, where not all do. */
  readonly kinds?: readonly string[]
}

/** The values of a union's members: one row for the kinds that say the same of one. */
function memberRows(union: z.ZodDiscriminatedUnion, path: string): MemberRow[] {
  const names = unionNames(union)
  const found = new Map<string, { readonly row: Row; readonly kinds: string[] }>()
  union.options.forEach((member, index) => {
    for (const [key, child] of Object.entries((member as z.ZodObject).shape)) {
      if (key === union.def.discriminator) continue
      for (const row of rowsOf(child as z.ZodType, `${path}.${key}`)) {
        const said = settingCells(row).join('\n')
        const entry = found.get(said) ?? { row, kinds: [] }
        entry.kinds.push(names[index]!)
        found.set(said, entry)
      }
    }
  })
  return [...found.values()].map(({ row, kinds }) =>
    kinds.length === names.length ? { row } : { row, kinds },
  )
}

function table(rows: readonly Row[]): string[] {
  if (rows.length === 0) return []
  return [
    '| setting | values | default | meaning |',
    '| --- | --- | --- | --- |',
    ...rows.map((row) => `| ${settingCells(row).join(' | ')} |`),
    '',
  ]
}

/** Setting, values, default and meaning. */
function settingCells({ path, schema, kinds = [] }: Row): string[] {
  const { label = '', symbol, unit, help = '' } = fieldFacts(schema) ?? {}
  const name = `${label}${symbol === undefined ? '' : ` ${symbol}`}`
  const units = unit === undefined ? '' : ` (${unit})`
  const meaning = `**${name}**${units}. ${help.replaceAll('|', '\\|')}`
  const of = kinds.length === 0 ? '' : ` of ${codes(kinds)}`
  return [`\`${path}\`${of}`, typeOf(schema), defaultOf(schema), meaning]
}

function typeOf(schema: z.ZodType): string {
  const inner = unwrapSchema(schema)
  if (inner instanceof z.ZodDiscriminatedUnion) return codes(unionNames(inner))
  if (inner instanceof z.ZodEnum) return codes(inner.options.map(String))
  if (inner instanceof z.ZodLiteral) return codes([...inner.values].map(String))
  if (inner instanceof z.ZodBoolean) return codes(['true', 'false'])
  if (inner instanceof z.ZodNumber)
    return `${inner.isInt ? 'whole number' : 'number'}${range(inner)}`
  if (inner instanceof z.ZodArray) return `list of ${typeOf(inner.element as z.ZodType)}`
  if (inner instanceof z.ZodRecord) return 'a text for each name'
  if (inner instanceof z.ZodUnion)
    return inner.options.map((option) => typeOf(option as z.ZodType)).join(' or ')
  return 'text'
}

const codes = (values: readonly string[]): string => values.map((it) => `\`${it}\``).join(', ')

function range(schema: z.ZodNumber): string {
  const { minValue: min, maxValue: max } = schema
  const isOpen = (end: number) => !schema.safeParse(end).success
  const from = min === null || Math.abs(min) > 1e15 ? '' : `${isOpen(min) ? '> ' : '≥ '}${min}`
  const isLarge = max === null || max >= 2 ** 31 - 1
  const to = isLarge ? '' : `${isOpen(max) ? '< ' : '≤ '}${max}`
  return [from, to]
    .filter((it) => it !== '')
    .map((it) => `, ${it}`)
    .join('')
}

function defaultOf(schema: z.ZodType): string {
  const parsed = schema.safeParse(undefined)
  if (!parsed.success) return 'none: must be given'
  const value: unknown = parsed.data
  if (value === undefined) return 'left out'
  const inner = unwrapSchema(schema)
  if (inner instanceof z.ZodDiscriminatedUnion) {
    const kind = (value as Readonly<Record<string, unknown>>)[inner.def.discriminator]
    return `\`${String(kind)}\``
  }
  return `\`${JSON.stringify(value)}\``
}
