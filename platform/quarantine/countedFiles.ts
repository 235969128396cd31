/** Files that say how much of them is opened, so that limits can follow. */
import type { Files } from '../../core/base/index.ts'

/** @param opened is called with the length of every file that is opened, once */
export function countedFiles(files: Files, opened: (bytes: number) => void): Files {
  const seen = new Set<string>()
  const count = async (path: string): Promise<void> => {
    if (seen.has(path)) return
    seen.add(path)
    // Where it can't be told, reading says why.
    opened(await files.size(path).catch(() => 0))
  }
  return {
    ...files,
    async read(path) {
      await count(path)
      return files.read(path)
    },
    async *pieces(path) {
      await count(path)
      yield* files.pieces(path)
    },
    async part(path, start, end) {
      await count(path)
      return files.part(path, start, end)
    },
  }
}
