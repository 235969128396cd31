/** What reading may take: in proportion to the files that were opened for it. */
import type { ReaderLimits } from '../../core/engine/index.ts'

/** What small files get in any case. */
const freeBytes = 256 * 2 ** 20
const freeMs = 10_000
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

/** So much longer than it works may a reader wait for a busy machine or a slow disk. */
const patience = 8

/**
 * The time that counts against the limit. A reader that others keep from the processor is not slow:
 * its file would be called damaged for their sake.
 * @param wallMs since the question
 * @param cpuMs what the process has worked since then, all threads together
 */
export function countedMs(wallMs: number, cpuMs: number): number {
  return Math.max(Math.min(wallMs, cpuMs), wallMs / patience)
}
