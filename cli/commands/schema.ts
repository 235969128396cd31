/** `hiso schema`: the JSON Schema of a config. */
import { resolve } from 'node:path'
import { configJsonSchema, formatJsonSchema } from '../../core/config/index.ts'
import { shortPath, type CommandContext } from '../context.ts'
import { exitCodes } from '../exitCodes.ts'

export async function schema(
  { host, terminal, cwd }: CommandContext,
  { out }: { readonly out?: string },
): Promise<number> {
  const text = formatJsonSchema(configJsonSchema())
  if (out === undefined) terminal.write(text)
  else {
    const path = resolve(cwd, out)
    await host.files.write(path, new TextEncoder().encode(text))
    terminal.print(`  Wrote ${shortPath(path, cwd)}`)
  }
  return exitCodes.ok
}
