/** `hiso cite`: what a paper that uses a run should cite, as BibTeX. */
import { resolve } from 'node:path'
import { bibtexOf } from '../../core/config/index.ts'
import { readRunConfig } from '../../core/runs/index.ts'
import type { CommandContext } from '../context.ts'
import { exitCodes } from '../exitCodes.ts'

export async function cite(
  { host, terminal, cwd }: CommandContext,
  words: readonly string[],
  version: string,
): Promise<number> {
  const entries = new Set<string>()
  for (const word of words) {
    const config = await readRunConfig(host, resolve(cwd, word))
    for (const entry of bibtexOf(config, version).trim().split('\n\n')) entries.add(entry)
  }
  terminal.write(`${[...entries].join('\n\n')}\n`)
  return exitCodes.ok
}
