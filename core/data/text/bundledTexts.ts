/**
 * The labelled texts that come with the application: folders of JSON Lines with a text.json that
 * describes them.
 */
import { z } from 'zod'
import { HisoError, type Files } from '../../base/index.ts'

const metadataSchema = z.object({
  title: z.string(),
  columns: z.array(z.string()),
  /** The template for this set. */
  template: z.string(),
  licence: z.string(),
  /** Where the data comes from, for people. */
  source: z.string(),
  /** The script that made the files. */
  madeBy: z.string(),
  train: z.int(),
  test: z.int(),
  /** SHA-256 of each file's unpacked content, by its name without .gz. */
  sha256: z.record(z.string(), z.string()),
})

export interface BundledText {
  readonly name: string
  readonly folder: string
  readonly metadata: z.infer<typeof metadataSchema>
}

/** All of them, sorted by name. @throws HisoError DATA_INVALID if a text.json is invalid */
export async function listBundledTexts(files: Files): Promise<readonly BundledText[]> {
  const root = files.join(files.resources, 'datasets')
  if ((await files.kind(root)) !== 'folder') return []
  const found: BundledText[] = []
  for (const name of await files.list(root)) {
    const path = files.join(root, name, 'text.json')
    if ((await files.kind(path)) !== 'file') continue
    found.push({ name, folder: files.join(root, name), metadata: await readMetadata(path, files) })
  }
  return found
}

async function readMetadata(path: string, files: Files): Promise<BundledText['metadata']> {
  try {
    return metadataSchema.parse(JSON.parse(new TextDecoder().decode(await files.read(path))))
  } catch (cause) {
    throw new HisoError('DATA_INVALID', {
      where: path,
      what: 'does not describe a set of texts',
      remedy: 'Reinstall the application, or remake the set with its script',
      cause,
    })
  }
}
