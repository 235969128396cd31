/**
 * The datasets that come with the application: folders of idx files, or with a table, and a
 * dataset.json that describes them.
 */
import { z } from 'zod'
import { HisoError, type Files, parseJson } from '../base/index.ts'

const about = {
  title: z.string(),
  licence: z.string(),
  /** Where the data comes from, for people. */
  source: z.string(),
  /** The script that made the files. */
  madeBy: z.string(),
  train: z.int(),
  test: z.int(),
  /** SHA-256 of each file's unpacked content, by its name without .gz. */
  sha256: z.record(z.string(), z.string()),
}

const imagesSchema = z.object({
  ...about,
  /** Names of the labels 0, 1, 2… */
  classes: z.array(z.string()).min(2),
  /** Of the training pixels divided by 255. */
  mean: z.number(),
  std: z.number().positive(),
})

const tableSchema = z.object({
  ...about,
  /** The file, without .gz; which rows are held out is up to the config. */
  table: z.string(),
})

const metadataSchema = z.union([tableSchema, imagesSchema])

type ImagesMetadata = z.infer<typeof imagesSchema>
type DatasetMetadata = z.infer<typeof metadataSchema>

/** What a folder of images may say of itself, in a dataset.json. */
const imageFactsSchema = imagesSchema
  .pick({ classes: true, mean: true, std: true })
  .extend({ title: z.string().max(200).optional() })

export type ImageFacts = z.infer<typeof imageFactsSchema> &
  Partial<Pick<ImagesMetadata, 'licence' | 'source'>>

const factsFile = 'dataset.json'

/**
 * Of a folder that is not bundled; undefined if it says nothing. One that is a client's share of
 * larger data says how that is scaled, and which classes there are.
 * @throws HisoError DATA_INVALID
 */
export async function readImageFacts(
  folder: string,
  files: Files,
): Promise<ImageFacts | undefined> {
  const path = files.join(folder, factsFile)
  if ((await files.kind(path)) !== 'file') return undefined
  try {
    return imageFactsSchema.parse(parseJson(new TextDecoder().decode(await files.read(path))))
  } catch (cause) {
    throw new HisoError('DATA_INVALID', {
      where: path,
      what: 'does not describe images: it needs classes, mean and std',
      remedy: 'Mend it, or remove it: then classes and scale follow from the folder’s own images',
      cause,
    })
  }
}

export interface BundledDataset {
  readonly name: string
  readonly folder: string
  readonly metadata: DatasetMetadata
}

/** Names of the bundled datasets, sorted by code unit. */
export async function bundledDatasetNames(files: Files): Promise<readonly string[]> {
  const root = files.join(files.resources, 'datasets')
  if ((await files.kind(root)) !== 'folder') return []
  const names = await files.list(root)
  const isDataset = await Promise.all(
    names.map(
      async (name) => (await files.kind(files.join(root, name, 'dataset.json'))) === 'file',
    ),
  )
  return names.filter((_, index) => isDataset[index])
}

/**
 * @param name one of `bundledDatasetNames`
 * @throws HisoError DATA_INVALID if its dataset.json is invalid
 */
export async function readBundledDataset(name: string, files: Files): Promise<BundledDataset> {
  const folder = files.join(files.resources, 'datasets', name)
  const path = files.join(folder, 'dataset.json')
  const bytes = await files.read(path)
  try {
    const metadata = metadataSchema.parse(parseJson(new TextDecoder().decode(bytes)))
    return { name, folder, metadata }
  } catch (cause) {
    throw new HisoError('DATA_INVALID', {
      where: path,
      what: 'does not describe a dataset',
      remedy: 'Reinstall the application, or remake the dataset with its script',
      cause,
    })
  }
}

/** What the user chooses from: name, title, sizes, licence and source of every bundled dataset. */
export async function listBundledDatasets(files: Files): Promise<readonly BundledDataset[]> {
  const names = await bundledDatasetNames(files)
  return Promise.all(names.map((name) => readBundledDataset(name, files)))
}

/** Names of those that hold images. */
export async function bundledImageSets(files: Files): Promise<readonly string[]> {
  const all = await listBundledDatasets(files)
  return all.filter(({ metadata }) => !('table' in metadata)).map(({ name }) => name)
}
