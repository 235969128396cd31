/**
 * Files of others are read once in a process that can be thrown away before the thread that plays
 * runs opens them: what would take for ever, or all memory, ends there, with a message. The same
 * bytes through the same code end the same way here.
 */
import type { RunConfig } from '../config/index.ts'
import type { EngineHost } from './engineHost.ts'

/**
 * The keys of `task:` that may name a file or a download; what comes with the program is a word.
 */
const keys = ['dataset', 'model', 'tokenizer', 'template'] as const

/** @throws HisoError what is wrong with the files, FILE_UNREADABLE where reading takes too much */
export async function readForeign(
  { quarantine }: Pick<EngineHost, 'quarantine'>,
  config: RunConfig,
): Promise<void> {
  if (quarantine.isElsewhere && namesFiles(config)) await quarantine.ask('readTask', { config })
}

function namesFiles({ task }: RunConfig): boolean {
  const names = task as Partial<Record<(typeof keys)[number], string>>
  return keys.some((key) => isPath(names[key]))
}

/** Paths are absolute here, and a download is `hf:owner/name`. */
export const isPath = (name: string | undefined): boolean => /[\\/]/.test(name ?? '')
