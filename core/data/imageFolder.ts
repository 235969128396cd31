/**
 * Folders of idx files: finds the pairs of images and labels, reads them, and makes a dataset of
 * them.
 */
import { HisoError, type Files, type Host } from '../base/index.ts'
import type { ImageFacts } from './bundled.ts'
import type { Dataset } from './dataset.ts'
import { datasetFingerprint } from './fingerprint.ts'
import { holdOut } from './holdOut.ts'
import { parseIdxImages, parseIdxLabels } from './idx.ts'
import { pixelHistogram, pixelMoments, pixelSamples, pixelTable } from './pixels.ts'
import { countClasses, firstSamples, type DatasetPreview, type OpenedDataset } from './preview.ts'
import { readUnpacked } from './unpack.ts'

interface ImageSet {
  /** The file of the images, for messages. */
  readonly file: string
  readonly height: number
  readonly width: number
  readonly pixels: Uint8Array
  readonly labels: Uint8Array
}

/** train-images-idx3-ubyte, t10k-images.idx3-ubyte.gz, emnist-letters-test-images-idx3-ubyte… */
const imagesFile = /^(.*?)images([-._])idx3([-._])ubyte(\.gz)?$/i

/**
 * Opens the images of a folder. Normalises values by mean and deviation of the training pixels.
 * Without metadata the classes are the labels that occur, ascending.
 *
 * @param name its name in the config
 * @param testShare the share to hold out if there is a single pair of files
 * @param metadata what is known of the folder
 * @throws HisoError DATA_INVALID naming the faulty file, CONFIG_INVALID for an impossible test
 *   share
 */
export async function openImageFolder(
  folder: string,
  { name, title }: { readonly name: string; readonly title: string },
  testShare: number,
  host: Host,
  metadata?: ImageFacts,
): Promise<OpenedDataset> {
  const pairs = await findPairs(folder, host.files)
  const sets = await readSets(folder, pairs, testShare, host.files)
  const { classes, indexOf } = metadata
    ? { classes: metadata.classes, indexOf: (label: number) => label }
    : classesOf([sets.train.labels, sets.test.labels])
  if (classes.length < 2)
    throw new HisoError('DATA_INVALID', {
      where: folder,
      what: `all labels are ${classes[0]}, so there is nothing to distinguish`,
      remedy: 'Give data with at least two classes',
    })
  const { height, width } = sets.train
  const featureShape = [1, height, width]
  const featureSize = height * width
  const histogram = pixelHistogram(sets.train.pixels)
  const { mean, std } = metadata ?? pixelMoments(histogram)
  const table = pixelTable({ mean, std })

  const labelsOf = ({ labels, file }: ImageSet) => {
    const indices = Int32Array.from(labels, indexOf)
    const unknown = indices.find((index) => index >= classes.length)
    if (unknown !== undefined)
      throw new HisoError('DATA_INVALID', {
        where: file,
        what: `has samples with label ${unknown}, but only ${classes.length} classes have names`,
        remedy: 'Give data whose labels are those of dataset.json',
      })
    return indices
  }
  const train = { values: sets.train.pixels, labels: labelsOf(sets.train) }
  const test = { values: sets.test.pixels, labels: labelsOf(sets.test) }
  const dataset: Dataset = {
    name,
    title: metadata?.title ?? title,
    featureShape,
    featureSize,
    classes,
    train: pixelSamples(train.values, train.labels, featureSize, table),
    test: pixelSamples(test.values, test.labels, featureSize, table),
    preprocessing: { kind: 'pixels', mean, std },
    labelNumbers: metadata && classes.map((_, label) => label),
    notices: [],
    fingerprint: datasetFingerprint({ featureShape, classes, train, test, table }, host),
  }
  const testHistogram = pixelHistogram(test.values)
  const present = Array.from({ length: 256 }, (_, value) => value).filter(
    (value) => histogram[value]! + testHistogram[value]! > 0,
  )
  const preview: DatasetPreview = {
    name,
    title: dataset.title,
    format: 'idx',
    featureShape,
    train: dataset.train.count,
    test: dataset.test.count,
    heldOut: pairs.test === undefined,
    classes: countClasses(dataset),
    values: { min: present[0]!, max: present.at(-1)! },
    first: firstSamples(dataset, train.values, (sample) => sample),
    fingerprint: dataset.fingerprint,
    notices: dataset.notices,
    ...originOf(metadata),
  }
  return { dataset, preview }
}

function originOf(facts: ImageFacts | undefined): Pick<DatasetPreview, 'origin'> {
  const { licence, source } = facts ?? {}
  return licence === undefined || source === undefined ? {} : { origin: { licence, source } }
}

interface FilePair {
  readonly images: string
  readonly labels: string
}

async function findPairs(
  folder: string,
  files: Files,
): Promise<{ train: FilePair; test: FilePair | undefined }> {
  const names = await files.list(folder)
  const invalid = (what: string, remedy: string) =>
    new HisoError('DATA_INVALID', { where: folder, what, remedy })

  const train = new Map<string, string>()
  const test = new Map<string, string>()
  for (const name of names) {
    const match = imagesFile.exec(name)
    if (match === null) continue
    const sets = /t10k|test/i.test(match[1]!) ? test : train
    // Of a packed and an unpacked copy, the unpacked one sorts first.
    if (!sets.has(match[1]!)) sets.set(match[1]!, name)
  }
  for (const [sets, role] of [
    [train, 'training'],
    [test, 'test'],
  ] as const) {
    if (sets.size > 1)
      throw invalid(
        `holds ${sets.size} ${role} sets: ${[...sets.values()].join(', ')}`,
        'Put each dataset into a folder of its own',
      )
  }
  const [trainImages] = train.values()
  const [testImages] = test.values()
  const first = trainImages ?? testImages
  if (first === undefined) {
    const csv = names.find((name) => /\.(csv|tsv)(\.gz)?$/i.test(name))
    throw invalid(
      'holds no idx images (such as train-images-idx3-ubyte or train-images-idx3-ubyte.gz)',
      csv === undefined
        ? 'Give a folder with idx files, or the path of a CSV file'
        : `For a table give the file's own path, for instance ${files.join(folder, csv)}`,
    )
  }
  const pairOf = (images: string): FilePair => {
    const packed = /\.gz$/i.test(images)
    const plain = images
      .replace(/\.gz$/i, '')
      .replace(/images([-._])idx3([-._])ubyte$/i, 'labels$1idx1$2ubyte')
    const wanted = [packed ? `${plain}.gz` : plain, packed ? plain : `${plain}.gz`]
    const labels = wanted.find((name) => names.includes(name))
    if (labels === undefined)
      throw invalid(
        `holds ${images}, but not its labels`,
        `Add the file ${wanted[0]} to the folder`,
      )
    return { images, labels }
  }
  return {
    train: pairOf(first),
    test: trainImages !== undefined && testImages !== undefined ? pairOf(testImages) : undefined,
  }
}

async function readSets(
  folder: string,
  pairs: { train: FilePair; test: FilePair | undefined },
  testShare: number,
  files: Files,
): Promise<{ train: ImageSet; test: ImageSet }> {
  const train = await readSet(folder, pairs.train, files)
  if (pairs.test === undefined) {
    const split = holdOut(Int32Array.from(train.labels), 256, testShare)
    return { train: selectImages(train, split.train), test: selectImages(train, split.test) }
  }
  const test = await readSet(folder, pairs.test, files)
  if (test.height !== train.height || test.width !== train.width)
    throw new HisoError('DATA_INVALID', {
      where: test.file,
      what: `holds images of ${test.height} × ${test.width} pixels, but those to train on have ${train.height} × ${train.width}`,
      remedy: 'Use training and test images of the same dataset',
    })
  return { train, test }
}

async function readSet(folder: string, pair: FilePair, files: Files): Promise<ImageSet> {
  const file = files.join(folder, pair.images)
  const labelsFile = files.join(folder, pair.labels)
  const { count, height, width, pixels } = parseIdxImages(await readUnpacked(file, files), file)
  const labels = parseIdxLabels(await readUnpacked(labelsFile, files), labelsFile)
  if (labels.length !== count)
    throw new HisoError('DATA_INVALID', {
      where: labelsFile,
      what: `has ${labels.length} labels for the ${count} images of ${pair.images}`,
      remedy: 'Use images and labels of the same dataset',
    })
  return { file, height, width, pixels, labels }
}

function selectImages(set: ImageSet, indices: Uint32Array): ImageSet {
  const size = set.height * set.width
  const pixels = new Uint8Array(indices.length * size)
  indices.forEach((source, target) =>
    pixels.set(set.pixels.subarray(source * size, (source + 1) * size), target * size),
  )
  return { ...set, pixels, labels: Uint8Array.from(indices, (index) => set.labels[index]!) }
}

/** The labels that occur, ascending, as class names. */
function classesOf(sets: readonly Uint8Array[]) {
  const indexByLabel = new Int32Array(256).fill(-1)
  for (const labels of sets) for (const label of labels) indexByLabel[label] = 0
  const classes: string[] = []
  indexByLabel.forEach((index, label) => {
    if (index === 0) indexByLabel[label] = classes.push(String(label)) - 1
  })
  return { classes, indexOf: (label: number) => indexByLabel[label]! }
}
