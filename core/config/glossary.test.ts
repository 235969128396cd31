/** The glossary: every word and symbol once, and the page that is generated from it. */
import { format } from 'prettier'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { fieldFacts } from './field.ts'
import { glossary, glossaryTopics, type GlossaryEntry } from './glossary.ts'
import { runConfigSchema } from './runConfig.ts'

it('has each term and each symbol once', () => {
  for (const key of ['term', 'symbol'] as const) {
    const values = glossary.flatMap((entry) => entry[key] ?? [])
    expect(values).toEqual([...new Set(values)])
  }
})

it('says what each entry is in one sentence', () => {
  for (const { term, meaning } of glossary) expect(meaning, term).toMatch(/^[A-Z][^.]*\.$/)
})

it('explains every symbol that a setting carries', () => {
  const known = new Set(glossary.map(({ symbol }) => symbol))
  const used = symbolsOf(runConfigSchema)
  expect([...used]).toEqual(expect.arrayContaining(['M', 'ν', 'σ', 'β₁']))
  const unknown = [...used].filter((symbol) => !known.has(symbol))
  expect(unknown).toEqual([])
})

it('is what docs/glossary.md shows (write it anew with `npm test -- core/config/glossary -u`)', async () => {
  const page = await format(markdown(), {
    parser: 'markdown',
    proseWrap: 'always',
    printWidth: 100,
  })
  await expect(page).toMatchFileSnapshot('../../docs/glossary.md')
})

function markdown(): string {
  const sections = Object.entries(glossaryTopics).map(([topic, heading]) => {
    const rows = glossary.filter((entry) => entry.topic === topic).map(row)
    return [
      `## ${heading}`,
      '',
      '| term | symbol | code | unit | meaning | formula |',
      '| --- | --- | --- | --- | --- | --- |',
      ...rows,
    ].join('\n')
  })
  return [
    '# Glossary',
    '<!-- Generated from core/config/glossary.ts; a test keeps it fresh. -->',
    'One word for each concept, in code, config keys, flags, columns and labels. Each symbol stands here once.',
    ...sections,
  ].join('\n\n')
}

function row({ term, symbol, code, unit, meaning, formula }: GlossaryEntry): string {
  const codes = code?.split(', ').map((name) => `\`${name}\``)
  const cells = [term, symbol, codes?.join(', '), unit, meaning, formula]
  return `| ${cells.map((cell) => (cell ?? '').replaceAll('|', '\\|')).join(' | ')} |`
}

/** The symbols of all settings below a schema. */
function symbolsOf(schema: z.ZodType, found = new Set<string>()): Set<string> {
  const symbol = fieldFacts(schema)?.symbol
  if (symbol !== undefined) found.add(symbol)
  const { def } = schema as unknown as { def: Record<string, unknown> }
  for (const part of Object.values(def))
    for (const inner of schemasIn(part)) symbolsOf(inner, found)
  return found
}

function schemasIn(part: unknown): z.ZodType[] {
  if (part instanceof z.ZodType) return [part]
  if (Array.isArray(part)) return part.flatMap(schemasIn)
  return typeof part === 'object' &&
    part !== null &&
    Object.getPrototypeOf(part) === Object.prototype
    ? Object.values(part).flatMap(schemasIn)
    : []
}
