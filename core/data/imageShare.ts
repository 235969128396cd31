/**
 * One client's share of a dataset of images, as a folder that `openDataset` reads: what a client of
 * a federation keeps on its own machine. Scale and classes are those of the whole.
 */
import type { Dataset, Samples } from './dataset.ts'

/**
 * Unsigned bytes: 0x08 in the third byte of an idx file, the number of dimensions in the fourth.
 */
const idxMagic = (dimensions: number) => [0, 0, 8, dimensions]

/** Whether samples are images that can be written as files again. */
export function isImages(samples: object): samples is Dataset {
  const { preprocessing } = samples as Partial<Dataset>
  return preprocessing?.kind === 'pixels'
}

/**
 * @param dataset of images
 * @param indices of the training samples in the share
 * @returns the files of the folder, by name
 */
export function imageShare(dataset: Dataset, indices: Uint32Array): Map<string, Uint8Array> {
  const { preprocessing, featureShape, featureSize, classes, train, test, title } = dataset
  if (preprocessing.kind !== 'pixels') throw new Error('only images have pixels')
  const { mean, std } = preprocessing
  const shape = featureShape.slice(1)
  const images = (samples: Samples, chosen: Uint32Array) => {
    const values = new Float32Array(chosen.length * featureSize)
    samples.gather(chosen, values)
    // As exact as the pixels were: they are whole numbers from 0 to 255.
    return idxFile([chosen.length, ...shape], (at) => Math.round((values[at]! * std + mean) * 255))
  }
  const labels = (samples: Samples, chosen: Uint32Array) =>
    idxFile([chosen.length], (at) => samples.labels[chosen[at]!]!)
  const all = Uint32Array.from({ length: test.count }, (_, sample) => sample)
  const facts = { title, classes, mean, std }
  return new Map([
    ['train-images-idx3-ubyte', images(train, indices)],
    ['train-labels-idx1-ubyte', labels(train, indices)],
    ['t10k-images-idx3-ubyte', images(test, all)],
    ['t10k-labels-idx1-ubyte', labels(test, all)],
    ['dataset.json', new TextEncoder().encode(`${JSON.stringify(facts, null, 2)}\n`)],
  ])
}

function idxFile(shape: readonly number[], valueAt: (at: number) => number): Uint8Array {
  const header = 4 + 4 * shape.length
  const count = shape.reduce((product, length) => product * length, 1)
  const bytes = new Uint8Array(header + count)
  bytes.set(idxMagic(shape.length))
  const view = new DataView(bytes.buffer)
  shape.forEach((length, at) => view.setUint32(4 + 4 * at, length))
  for (let at = 0; at < count; at++) bytes[header + at] = valueAt(at)
  return bytes
}
