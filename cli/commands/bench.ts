/** `hiso bench`: what this machine can do, and what the program will use of it. */
import { formatBench } from '../formatBench.ts'
import type { CommandContext } from '../context.ts'
import { exitCodes } from '../exitCodes.ts'
import { benchMachine } from '../machineBench.ts'

export async function bench(
  { host, terminal }: CommandContext,
  { json = false }: { readonly json?: boolean },
): Promise<number> {
  const result = await benchMachine(host, (what) => {
    if (!json) terminal.redraw(`  timing ${what} …`)
  })
  terminal.clearLive()
  terminal.print(json ? JSON.stringify(result) : `\n${formatBench(result, terminal)}`)
  return exitCodes.ok
}
