/**
 * What the scripts of this folder share: choosing samples in a reproducible order, and writing a
 * bundled dataset (idx.gz files, dataset.json, README.md) with the same bytes on every run.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { constants, gzipSync } from 'node:zlib'

/**
 * @typedef {{ label: number, pixels: Uint8Array }} Sample pixels: 28 × 28, rows from top to bottom,
 *   0 is the background
 */

const side = 28
const sha256 = (data) => createHash('sha256').update(data).digest('hex')

/**
 * The samples in the order of the SHA-256 of "seed:position": a shuffle that any language can
 * repeat.
 *
 * @param {readonly Sample[]} samples
 * @param {string} seed
 * @returns {Sample[]}
 */
export function shuffled(samples, seed) {
  return samples
    .map((sample, position) => ({ sample, key: sha256(`${seed}:${position}`) }))
    .sort((left, right) => (left.key < right.key ? -1 : 1))
    .map(({ sample }) => sample)
}

/**
 * The first `perClass` samples of each class, and the others, both in the order given.
 *
 * @param {readonly Sample[]} samples
 * @param {number} perClass
 * @returns {{ taken: Sample[], left: Sample[] }}
 */
export function takePerClass(samples, perClass) {
  const counts = new Map()
  const taken = []
  const left = []
  for (const sample of samples) {
    const count = counts.get(sample.label) ?? 0
    if (count < perClass) taken.push(sample)
    else left.push(sample)
    counts.set(sample.label, count + 1)
  }
  for (const [label, count] of counts)
    if (count < perClass) throw new Error(`class ${label} has ${count} samples, not ${perClass}`)
  return { taken, left }
}

/**
 * Writes resources/datasets/NAME.
 *
 * @param {string} name
 * @param {{ train: readonly Sample[], test: readonly Sample[] }} sets
 * @param {{ title: string, classes: readonly string[], licence: string, source: string, madeBy:
 *   string }} about
 * @param {string} readme
 */
export function writeDataset(name, { train, test }, about, readme) {
  const folder = fileURLToPath(new URL(`../../resources/datasets/${name}/`, import.meta.url))
  mkdirSync(folder, { recursive: true })
  const files = {
    'train-images-idx3-ubyte': idxImages(train),
    'train-labels-idx1-ubyte': idxLabels(train),
    't10k-images-idx3-ubyte': idxImages(test),
    't10k-labels-idx1-ubyte': idxLabels(test),
  }
  let bytes = 0
  for (const [file, content] of Object.entries(files)) {
    const packed = gzip(content)
    bytes += packed.length
    writeFileSync(join(folder, `${file}.gz`), packed)
  }
  const { mean, std } = moments(train)
  const checksums = Object.fromEntries(
    Object.entries(files).map(([file, content]) => [file, sha256(content)]),
  )
  const metadata = {
    ...about,
    mean,
    std,
    train: train.length,
    test: test.length,
    sha256: checksums,
  }
  writeFileSync(join(folder, 'dataset.json'), `${JSON.stringify(metadata, undefined, 2)}\n`)
  writeFileSync(join(folder, 'README.md'), readme)
  console.log(`${name}: ${train.length} + ${test.length} images, ${bytes} bytes, in ${folder}`)
}

/**
 * Mean and standard deviation of value / 255 over all pixels, from an exact histogram, as
 * core/data/pixels.ts does it.
 */
function moments(samples) {
  const histogram = new Float64Array(256)
  for (const { pixels } of samples) for (const value of pixels) histogram[value] += 1
  const count = samples.length * side * side
  let sum = 0
  for (let value = 0; value < 256; value += 1) sum += histogram[value] * value
  const mean = sum / (255 * count)
  let squares = 0
  for (let value = 0; value < 256; value += 1) {
    const offset = value / 255 - mean
    squares += histogram[value] * (offset * offset)
  }
  return { mean, std: Math.sqrt(squares / count) }
}

function idxImages(samples) {
  const bytes = Buffer.alloc(16 + samples.length * side * side)
  bytes.writeUInt32BE(0x0803, 0)
  bytes.writeUInt32BE(samples.length, 4)
  bytes.writeUInt32BE(side, 8)
  bytes.writeUInt32BE(side, 12)
  samples.forEach(({ pixels }, index) => bytes.set(pixels, 16 + index * side * side))
  return bytes
}

function idxLabels(samples) {
  const bytes = Buffer.alloc(8 + samples.length)
  bytes.writeUInt32BE(0x0801, 0)
  bytes.writeUInt32BE(samples.length, 4)
  samples.forEach(({ label }, index) => (bytes[8 + index] = label))
  return bytes
}

/** The same bytes on every system. @param {Buffer} content */
export function gzip(content) {
  const candidates = [constants.Z_DEFAULT_STRATEGY, constants.Z_FILTERED].map((strategy) =>
    gzipSync(content, { level: 9, memLevel: 9, strategy }),
  )
  const smallest = candidates.reduce((best, next) => (next.length < best.length ? next : best))
  // The header's "operating system" byte differs between systems; 255 means unknown. Node writes no
  // time and no name.
  smallest[9] = 255
  return smallest
}
