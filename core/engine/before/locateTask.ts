/**
 * Makes the paths in a config's `task:` independent of the current folder: a run folder's config
 * works from anywhere.
 */
import type { Files } from '../../base/index.ts'
import { isHubReference } from '../../hub/index.ts'

/** The keys of `task:` that may hold a path; each may hold a built-in name as well. */
const keys = ['dataset', 'model', 'template', 'tokenizer'] as const

/**
 * @param input a config as written, valid or not
 * @param folder absolute: the base of relative paths
 * @returns the config with absolute paths. A bare word stays as it is unless the folder contains a
 *   file of that name; names that `isBuiltIn` knows stay too.
 */
export async function locateTask(
  input: unknown,
  folder: string,
  files: Pick<Files, 'join' | 'kind'>,
  isBuiltIn: (name: string) => boolean,
): Promise<unknown> {
  if (!isRecord(input) || !isRecord(input['task'])) return input
  const task = { ...input['task'] }
  for (const key of keys) {
    const name = task[key]
    if (typeof name === 'string') task[key] = await locateName(name, folder, files, isBuiltIn)
  }
  return { ...input, task }
}

/** One value of `task:`, as `locateTask` has it. */
export async function locateName(
  name: string,
  folder: string,
  files: Pick<Files, 'join' | 'kind'>,
  isBuiltIn: (name: string) => boolean,
): Promise<string> {
  if (name === '' || isBuiltIn(name) || isElsewhere(name)) return name
  const located = files.join(folder, name)
  return looksLikePath(name) || (await files.kind(located)) !== undefined ? located : name
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * An absolute path (on Windows also with a drive letter or as \\server\share), or a download:
 * hf:owner/name.
 */
const isElsewhere = (path: string) => /^([\\/]|[A-Za-z]:[\\/])/.test(path) || isHubReference(path)

/** With a separator or a file extension. */
const looksLikePath = (name: string) => /[\\/]|\.\w+$/.test(name)
