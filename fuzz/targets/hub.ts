/** Listings of a hub, and what is chosen of them. */
import { Cancellation, selectDataset, selectModel, type HubHost } from '../../core/hub/index.ts'
import { listRepository } from '../../core/hub/listing.ts'
import { memoryFiles, sha256 } from '../../core/testing/memoryFiles.ts'
import { anyJson } from '../mutate/json.ts'
import type { Target } from '../target.ts'
import { everyWay } from './everyWay.ts'
import { single, text } from './files.ts'

const hex = (letter: string, length: number) => letter.repeat(length)
const listing = (files: readonly object[]) =>
  text(JSON.stringify({ sha: hex('a', 40), siblings: files }))

const listings = [
  listing([
    { rfilename: 'onnx/model.onnx', size: 100, lfs: { sha256: hex('b', 64), size: 100 } },
    { rfilename: 'onnx/model_quantized.onnx', size: 50, blobId: hex('c', 40) },
    { rfilename: 'tokenizer.json', size: 20, blobId: hex('d', 40) },
    { rfilename: 'config.json', size: 20, blobId: hex('e', 40) },
  ]),
  listing([
    { rfilename: 'default/train/0000.parquet', size: 100, blobId: hex('c', 40) },
    { rfilename: 'default/test/0000.parquet', size: 50, blobId: hex('c', 40) },
    { rfilename: 'other/validation/0000.parquet', size: null, blobId: null, lfs: null },
  ]),
  listing([{ rfilename: 'data/train.jsonl', size: 3 }, { rfilename: 'data/test.csv' }]),
]

const settings = { endpoint: 'http://hub', token: undefined, isOffline: false }

function hubThatAnswers(body: Uint8Array): HubHost {
  return {
    files: memoryFiles(),
    hubSettings: async () => settings,
    get: async () => ({
      status: 200,
      header: () => undefined,
      body: pieces(body),
      close: () => {},
    }),
    openPartial: () => Promise.reject(new Error('nothing is downloaded here')),
    freeBytes: async () => undefined,
    digest: () => sha256(),
    now: () => 0,
    wait: async () => {},
  }
}

async function* pieces(body: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < body.length; at += 1000) yield body.subarray(at, at + 1000)
}

export const hubTargets: readonly Target[] = [
  {
    name: 'hub',
    title: "a hub's listings, and what is chosen of them",
    corpus: async () => listings.map((bytes) => single('listing.json', bytes)),
    mutators: { '*': anyJson },
    async read(input) {
      const host = hubThatAnswers(input.get('listing.json')!)
      const repository = { kind: 'model', id: 'owner/name', revision: 'main' } as const
      const { files } = await listRepository(repository, host, settings, new Cancellation())
      const outside = files.find(({ name }) => /(^|\/)(\.\.)?(\/|$)|[\\:\0]/.test(name))
      if (outside !== undefined) return `it lists ${JSON.stringify(outside.name)}`
      const odd = files.find(({ bytes = 0 }) => !Number.isSafeInteger(bytes) || bytes < 0)
      if (odd !== undefined) return `it lists a file of ${odd.bytes} bytes`
      await everyWay(
        [selectModel, selectDataset].map((select) => () => select(files, 'owner/name')),
      )
      return undefined
    },
  },
]
