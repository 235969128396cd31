/** `hiso presets`: the configs that come with the program. */
import type { CommandContext } from '../context.ts'
import { exitCodes } from '../exitCodes.ts'
import { listPresets } from '../../api/presets.ts'
import { formatPairs } from '../table.ts'

export async function presets(
  { host, terminal, invocation }: CommandContext,
  { json = false }: { readonly json?: boolean },
): Promise<number> {
  const found = await listPresets(host.files)
  if (json) {
    terminal.print(JSON.stringify(found))
    return exitCodes.ok
  }
  terminal.print(
    formatPairs(
      terminal,
      found.map(({ name, text }) => [name, text]),
    ),
  )
  terminal.print(`\n  Run one:  ${invocation} run quickstart`)
  return exitCodes.ok
}
