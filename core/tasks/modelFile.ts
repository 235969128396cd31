/** What all models that come as files have in common: files beside them, and a fingerprint. */
import { HisoError, type Host } from '../base/index.ts'

/**
 * Bytes of a file that are read at once: an array ends at 4 GiB, a call of Node's at 2, and a large
 * decoder's weights at neither.
 */
const partBytes = 2 ** 30

/**
 * Those of the files beside a model that are there, in parts; what is missing is the model's
 * business to tell.
 */
export async function readExternalFiles(
  model: string,
  names: readonly string[],
  { files }: Host,
): Promise<ReadonlyMap<string, readonly Uint8Array[]>> {
  const found = new Map<string, Uint8Array[]>()
  for (const name of names) {
    const path = files.join(model, '..', name)
    if ((await files.kind(path)) !== 'file') continue
    const size = await files.size(path)
    const parts: Uint8Array[] = []
    for (let start = 0; start < size; start += partBytes)
      parts.push(await files.part(path, start, Math.min(size, start + partBytes)))
    found.set(name, parts)
  }
  return found
}

/** Errors about the model that `work` throws name its file before the place in it. */
export async function namingModelInErrors<Result>(
  model: string,
  work: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    const isAbout = error instanceof HisoError && error.code.startsWith('MODEL_')
    throw isAbout ? error.within(model) : error
  }
}

/** A digest takes no more than 2 GiB at once. */
const hashedLength = 2 ** 28

/**
 * SHA-256 of the graph's file and x_0: what a model is before it is trained. @param initial x_0, in
 * parts
 */
export function fingerprintOf(
  graph: Uint8Array,
  initial: Iterable<Float32Array>,
  host: Host,
): string {
  const digest = host.sha256().update(graph)
  for (const part of initial)
    for (let from = 0; from < part.length; from += hashedLength) {
      const { buffer, byteOffset, byteLength } = part.subarray(from, from + hashedLength)
      digest.update(new Uint8Array(buffer, byteOffset, byteLength))
    }
  return digest.hex()
}
