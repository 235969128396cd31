import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv } from 'ajv'
import fc from 'fast-check'
import { parse } from 'yaml'
import { describe, expect, it } from 'vitest'
import { configsOf, withoutCompare } from './compare.ts'
import { formatConfig, parseConfigText } from './configText.ts'
import { configJsonSchema, formatJsonSchema, schemaFile, schemaLine } from './jsonSchema.ts'
import { methodNames } from './method.ts'
import { runConfigSchema } from './runConfig.ts'

const resources = fileURLToPath(new URL('../../resources', import.meta.url))
const ajv = new Ajv({ strict: false })
const isValid = ajv.compile(configJsonSchema())
const presets = readdirSync(join(resources, 'presets')).map(
  (name) =>
    [name, parse(readFileSync(join(resources, 'presets', name), 'utf8')) as unknown] as const,
)

/** What the program says of a config: fine, against a rule between keys, or not of the form. */
function judge(config: unknown): 'fine' | 'rule' | 'form' {
  const result = runConfigSchema.safeParse(withoutCompare(config))
  if (result.success) return 'fine'
  return result.error.issues.every(({ code }) => code === 'custom') ? 'rule' : 'form'
}

describe('the JSON Schema of a config', () => {
  it('is a draft-7 schema that ajv takes', () => {
    expect(ajv.validateSchema(configJsonSchema())).toBe(true)
  })

  it('is shipped (write it anew with `npm test -- core/config/jsonSchema -u`)', async () => {
    const shipped = join(resources, 'schemas', schemaFile)
    await expect(formatJsonSchema(configJsonSchema())).toMatchFileSnapshot(shipped)
  })

  it('is named in a first line that the program reads over', () => {
    const config = runConfigSchema.parse(presets[0]![1])
    expect(parseConfigText(schemaLine + formatConfig(config), 'mine')).toEqual(config)
  })

  it.each(presets)('takes the preset %s, and all that it stands for', (name, preset) => {
    for (const config of [preset, ...configsOf(preset, name)])
      expect(isValid(config), JSON.stringify(isValid.errors)).toBe(true)
  })

  it('explains every value that a person sets', () => {
    const bare: string[] = []
    const walk = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return
      for (const [key, value] of Object.entries(
        (node as { properties?: object }).properties ?? {},
      )) {
        const { description, ...own } = value as { description?: string }
        const isName = 'const' in own
        const isOfAnother = Object.keys(own).length === 0
        const isGroup = 'properties' in own || 'anyOf' in own || 'oneOf' in own
        if (!isName && !isOfAnother && !isGroup && description === undefined)
          bare.push(`${path}.${key}`)
        walk(value, `${path}.${key}`)
      }
      for (const member of Object.entries(node).flatMap(([key, value]) =>
        key === 'anyOf' || key === 'oneOf' ? (value as unknown[]) : [],
      ))
        walk(member, path)
    }
    walk(configJsonSchema(), '')
    expect(bare).toEqual([])
  })

  it('agrees with the program on 1,000 configs that were bent at random', () => {
    const strange = fc.oneof(
      fc.constantFrom(null, true, '', 'x', 'auto', 0, -1, 1.5, 1e12, [], {}, 'iid', 'lora', 0.5, 1),
      fc.constantFrom<unknown>(...methodNames),
    )
    const paths = [...new Set(presets.flatMap(([, preset]) => pathsOf(withoutCompare(preset))))]
    const more = [
      'task.kind',
      'split.kind',
      'split.alpha',
      'method.name',
      'method.mu',
      'method.nu',
      'zzz',
      'compute.workers',
      'seed',
      'method.privacy.kind',
      'method.hessian.nu',
      'method.schedule.kind',
    ]
    let refused = 0
    fc.assert(
      fc.property(
        fc.constantFrom(...presets.map(([, preset]) => preset)),
        fc.array(
          fc.tuple(fc.constantFrom(...paths, ...more), fc.oneof(strange, fc.constant(undefined))),
          {
            minLength: 1,
            maxLength: 3,
          },
        ),
        (preset, changes) => {
          const config = structuredClone(preset)
          for (const [path, value] of changes) put(config, path.split('.'), value)
          const verdict = judge(config)
          if (verdict === 'form') refused++
          expect(isValid(config), `${verdict}: ${JSON.stringify(config)}`).toBe(verdict !== 'form')
        },
      ),
      { numRuns: 1000, seed: 7 },
    )
    // Neither all right nor all wrong: the agreement says something.
    expect(refused).toBeGreaterThan(200)
    expect(refused).toBeLessThan(900)
  })
})

function pathsOf(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [path]
  return Object.entries(value).flatMap(([key, inner]) => [
    ...(path === '' ? [] : [path]),
    ...pathsOf(inner, path === '' ? key : `${path}.${key}`),
  ])
}

/** Sets a value, or takes it away; leaves what has no such place. */
function put(target: unknown, keys: readonly string[], value: unknown): void {
  const parent = keys
    .slice(0, -1)
    .reduce<unknown>(
      (part, key) =>
        typeof part === 'object' && part !== null
          ? (part as Record<string, unknown>)[key]
          : undefined,
      target,
    )
  if (typeof parent !== 'object' || parent === null || Array.isArray(parent)) return
  const key = keys.at(-1)!
  if (value === undefined) delete (parent as Record<string, unknown>)[key]
  else (parent as Record<string, unknown>)[key] = value
}
