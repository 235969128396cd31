/** `hiso schema`: the JSON Schema of a config, a template or a lesson. */
import { resolve } from 'node:path'
import {
  configJsonSchema,
  formatJsonSchema,
  jsonSchemaOf,
  type JsonSchema,
} from '../../core/config/index.ts'
import { templateSchema } from '../../core/data/index.ts'
import { lessonSchema } from '../../core/lessons/index.ts'
import { shortPath, type CommandContext } from '../context.ts'
import { exitCodes } from '../exitCodes.ts'

const schemas: Readonly<Record<string, () => JsonSchema>> = {
  config: configJsonSchema,
  template: () => jsonSchemaOf(templateSchema, 'A template of HiSo Studio'),
  lesson: () => jsonSchemaOf(lessonSchema, 'A lesson of HiSo Studio'),
}

/** Forms that people write in an editor. */
export const schemaNames = Object.keys(schemas)

export async function schema(
  { host, terminal, cwd }: CommandContext,
  name: string,
  { out }: { readonly out?: string },
): Promise<number> {
  const text = formatJsonSchema(schemas[name]!())
  if (out === undefined) terminal.write(text)
  else {
    const path = resolve(cwd, out)
    await host.files.write(path, new TextEncoder().encode(text))
    terminal.print(`  Wrote ${shortPath(path, cwd)}`)
  }
  return exitCodes.ok
}
