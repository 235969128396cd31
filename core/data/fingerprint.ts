/** The identity of a dataset's content. It shows whether a run resumes on the same data. */
import type { Host } from '../base/index.ts'

export interface DatasetContent {
  readonly featureShape: readonly number[]
  readonly classes: readonly string[]
  readonly train: Content
  readonly test: Content
  /** The value of each byte, float32[256]; only if the values are bytes. */
  readonly table?: Float32Array
}

interface Content {
  /** Grey values, or float32 as training sees them. */
  readonly values: Uint8Array | Float32Array
  readonly labels: Int32Array
}

/**
 * SHA-256 over everything that affects a run's result, in this form:
 *
 * 1. one line of JSON in UTF-8 and a line feed:
 *   `{"format":"hiso-dataset-1","values":"uint8"|"float32","featureShape":[…],"classes":[…],"train":n,"test":n}`;
 * 2. for uint8 the table of the 256 normalised values, float32;
 * 3. the training values in sample order, the training labels (int32), the test values, the test
 *   labels.
 *
 * Numbers are little-endian. The hash covers the normalised values, and so the train/test split,
 * means and deviations; it does not cover the dataset's name, path and file format.
 *
 * @returns lower-case hexadecimal, 64 characters
 */
export function datasetFingerprint(content: DatasetContent, host: Host): string {
  const { featureShape, classes, train, test, table } = content
  const header = {
    format: 'hiso-dataset-1',
    values: table === undefined ? 'float32' : 'uint8',
    featureShape,
    classes,
    train: train.labels.length,
    test: test.labels.length,
  }
  const digest = host.sha256().update(new TextEncoder().encode(`${JSON.stringify(header)}\n`))
  if (table !== undefined) digest.update(bytesOf(table))
  for (const { values, labels } of [train, test])
    digest.update(bytesOf(values)).update(bytesOf(labels))
  return digest.hex()
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView) =>
  new Uint8Array(buffer, byteOffset, byteLength)
