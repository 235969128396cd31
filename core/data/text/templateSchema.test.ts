import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { jsonSchemaOf } from '../../config/index.ts'
import { templateSchema } from './template.ts'

it('templates have a JSON Schema that takes every one that comes along, and no other key', () => {
  const isTemplate = new Ajv({ strict: false }).compile(jsonSchemaOf(templateSchema, 'A template'))
  const folder = fileURLToPath(new URL('../../../resources/templates', import.meta.url))
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.yaml'))) {
    const template = parse(readFileSync(join(folder, name), 'utf8')) as object
    expect(isTemplate(template), `${name}: ${JSON.stringify(isTemplate.errors)}`).toBe(true)
    expect(isTemplate({ ...template, promt: '' })).toBe(false)
  }
})
