/** What all models that come as files have in common: files beside them, and a fingerprint. */
import { HisoError, type Host } from '../base/index.ts'

/** Those of the files beside a model that are there; what is missing is the model's business to tell. */
export async function readBeside(
  model: string,
  names: readonly string[],
  { files }: Host,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>()
  for (const name of names) {
    const path = files.join(model, '..', name)
    if ((await files.kind(path)) === 'file') found.set(name, await files.read(path))
  }
  return found
}

/** Errors of ours that `work` throws name the model's file before the place in it. */
export async function namingModel<Result>(
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
