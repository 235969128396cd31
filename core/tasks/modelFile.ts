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

/** Errors of ours that `work` throws name the model's file before the place in it. */
export async function namingModelInErrors<Result>(
  model: string,
  work: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof HisoError ? error.within(model) : error
  }
}

/** SHA-256 of the graph's file and x_0: what a model is before it is trained. */
export function fingerprintOf(graph: Uint8Array, initial: Float32Array, host: Host): string {
  const { buffer, byteOffset, byteLength } = initial
  return host
    .sha256()
    .update(graph)
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .hex()
}
