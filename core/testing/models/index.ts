/**
 * The small ONNX files of this folder, for tests: where each comes from and what it should answer
 * is in `expected.json`.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export interface ExpectedLogits {
  readonly featureShape: readonly number[]
  readonly rows: number
  /** [rows · classes], from the tool that made the file. */
  readonly logits: readonly number[]
  /** d of the built-in model with the same layers. */
  readonly dim?: number
}

/** The bytes of a file in this folder. */
export function modelFile(name: string): Uint8Array {
  return new Uint8Array(readFileSync(fileURLToPath(new URL(name, import.meta.url))))
}

export const expectedLogits = JSON.parse(
  new TextDecoder().decode(modelFile('expected.json')),
) as Readonly<Record<string, ExpectedLogits>>

/** The features that the expected logits belong to, any number of rows. */
export function oracleFeatures(size: number): Float32Array {
  return Float32Array.from({ length: size }, (_, i) => ((37 * i + 11) % 101) / 50 - 1)
}
