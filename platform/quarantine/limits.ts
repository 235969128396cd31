/** What reading may take: in proportion to the files that were opened for it. */
import type { ReaderLimits } from '../../core/engine/index.ts'

/** What small files get in any case: a busy machine is slow with them, too. */
const freeBytes = 256 * 2 ** 20
const freeMs = 15_000
/** Of memory, for each byte of a file. */
const bytesPerByte = 10
/** Slower than any reader on any machine. */
const filesBytesPerMs = 1000

/** Building a model that the config names, and playing rounds of it. */
const buildingMs = 10 * 60_000

/**
 * @param opened bytes of the files that were opened so far
 * @param buildsModels whether the config, too, says how much there is to do
 */
export function limitsFor(
  opened: number,
  memoryBytes: number,
  buildsModels: boolean,
): ReaderLimits {
  const most = memoryBytes / 2
  return {
    bytes: buildsModels ? most : Math.min(most, Math.max(freeBytes, bytesPerByte * opened)),
    ms: (buildsModels ? buildingMs : freeMs) + opened / filesBytesPerMs,
  }
}
