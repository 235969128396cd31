/** Tables of numbers and texts: CSV, TSV, JSON Lines, Parquet, each packed or not; and idx. */
import { gunzipSync, gzipSync } from 'node:zlib'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { describeTexts, holdsTexts, previewDataset } from '../../core/data/index.ts'
import { readBatches } from '../../core/data/text/readTable.ts'
import { anyBytes, joined } from '../mutate/bytes.ts'
import { jsonLines } from '../mutate/json.ts'
import { anyTable } from '../mutate/text.ts'
import type { Input, Mutator, Sources, Target } from '../target.ts'
import { everyWay } from './everyWay.ts'
import { hostOf, single, text } from './files.ts'

const flowers = [
  ['5.1', '3.5', '1.4', '0.2', 'setosa'],
  ['4.9', '3.0', '1.4', '0.2', 'setosa'],
  ['7.0', '3.2', '4.7', '1.4', 'versicolor'],
  ['6.4', '3.2', '4.5', '1.5', 'versicolor'],
  ['6.3', '3.3', '6.0', '2.5', 'virginica'],
  ['5.8', '2.7', '5.1', '1.9', 'virginica'],
]
const names = ['sepalLength', 'sepalWidth', 'petalLength', 'petalWidth', 'species']

const delimited = (rows: readonly (readonly string[])[], mark: string) =>
  text(rows.map((row) => row.join(mark)).join('\n') + '\n')

const tables = (mark: string): Uint8Array[] => [
  delimited([names, ...flowers], mark),
  delimited(flowers, mark),
  delimited([['', ...names], ...flowers.map((row, at) => [String(at), ...row])], mark),
  delimited(
    [names, ...flowers.map((row) => row.map((cell) => `"${cell.replace('.', ',')}"`))],
    mark,
  ),
  delimited(
    [['text', 'label'], ...flowers.map(([a, , , , b]) => [`"a ""word"" of ${a}"`, b!])],
    mark,
  ),
]

/** Reads a file in every way in which the product does. */
async function readEveryWay(name: string, input: Input): Promise<undefined> {
  const host = hostOf(input)
  // Looks at what it can, and refuses nothing.
  await holdsTexts(name, host.files)
  await everyWay([
    () => previewDataset({ dataset: name, testShare: 0.2, labelColumn: undefined }, host),
    () => describeTexts(name, host.files),
    async () => {
      for await (const table of readBatches(name, host.files, 7)) void table.count
    },
  ])
}

const table = (
  name: string,
  title: string,
  corpus: (sources: Sources) => readonly Uint8Array[],
  mutators: Target['mutators'][string],
): Target => ({
  name,
  title,
  corpus: async (sources) => corpus(sources).map((bytes) => single(`table.${name}`, bytes)),
  mutators: { '*': mutators },
  read: (input) => readEveryWay(`table.${name}`, input),
})

/** The first lines of a packed file of texts. */
const mails = (sources: Sources, dataset: string) =>
  text(
    new TextDecoder()
      .decode(gunzipSync(sources.read(`resources/datasets/${dataset}/train.jsonl.gz`)))
      .split('\n')
      .slice(0, 6)
      .map((line) => line.slice(0, 4000))
      .filter((line) => line.endsWith('}'))
      .join('\n'),
  )

const objects = [
  '{"a": 1.5, "b": NaN, "label": "x"}\n{"a": 2, "b": 3e-2, "label": "y"}\n',
  '{"question": {"text": "why?"}, "answers": {"text": ["so", "thus"], "start": [1, 20]}}\n',
  `${flowers.map((row) => JSON.stringify(Object.fromEntries(names.map((name, at) => [name, at < 4 ? Number(row[at]) : row[at]])))).join('\n')}\n`,
]

const parquetFiles = (sources: Sources): Uint8Array[] => [
  ...['answers', 'groups', 'nested', 'reviews'].map((name) =>
    sources.read(`core/testing/texts/${name}.parquet`),
  ),
  ...([undefined, 'UNCOMPRESSED'] as const).map(
    (codec) =>
      new Uint8Array(
        parquetWriteBuffer({
          columnData: [
            { name: 'x', data: Array.from({ length: 60 }, (_, at) => at / 7), type: 'DOUBLE' },
            { name: 'n', data: Array.from({ length: 60 }, (_, at) => at % 3), type: 'INT32' },
            {
              name: 'label',
              data: Array.from({ length: 60 }, (_, at) => (at % 5 === 0 ? null : `c${at % 3}`)),
              type: 'STRING',
              nullable: true,
            },
          ],
          ...(codec && { codec }),
        }),
      ),
  ),
]

/** Spoils what is packed and packs it again, so that the reader behind gzip sees it. */
const packedContent: Mutator = (bytes, draw, others) => {
  const content = contentOf(bytes)
  if (content === undefined) return bytes
  const mutate = draw.pick(content[0] === parquetMark ? anyBytes : anyTable)
  const beside = others.flatMap((other) => contentOf(other) ?? [])
  return gzipSync(mutate(content, draw, beside), { level: draw.pick([0, 1, 9]) })
}

/** More than one member, as `cat a.gz b.gz` makes, or something else behind the last one. */
const behindPacked: Mutator = (bytes, draw, others) =>
  joined(bytes, draw.pick([draw.pick(others), gzipSync(new Uint8Array()), draw.bytes(9)]))

/** The first letter of `PAR1`. */
const parquetMark = 'P'.charCodeAt(0)

/** Undefined where a mutator before has spoiled the packing itself. */
function contentOf(bytes: Uint8Array): Uint8Array | undefined {
  try {
    return gunzipSync(bytes, { maxOutputLength: 2 ** 22 })
  } catch {
    return undefined
  }
}

const packed = (sources: Sources) => [
  ...tables(',').map((bytes) => gzipSync(bytes)),
  gzipSync(text(objects[2]!)),
  gzipSync(parquetFiles(sources)[1]!),
  gzipSync(new Uint8Array(2 ** 20), { level: 9 }),
]

function idxFile(type: number, dims: readonly number[], values: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * dims.length + values.length)
  bytes.set([0, 0, type, dims.length])
  const view = new DataView(bytes.buffer)
  dims.forEach((length, at) => view.setUint32(4 + 4 * at, length))
  bytes.set(values, 4 + 4 * dims.length)
  return bytes
}

const images = (of: number, rows: number, columns: number): Input => {
  const values = Uint8Array.from({ length: of * rows * columns }, (_, at) => (at * 7) % 256)
  const labels = Uint8Array.from({ length: of }, (_, at) => at % 3)
  return new Map([
    ['train-images-idx3-ubyte', idxFile(8, [of, rows, columns], values)],
    ['train-labels-idx1-ubyte', idxFile(8, [of], labels)],
    ['t10k-images-idx3-ubyte.gz', gzipSync(idxFile(8, [of, rows, columns], values))],
    ['t10k-labels-idx1-ubyte.gz', gzipSync(idxFile(8, [of], labels))],
  ])
}

/** A spoiled gzip file ends the reading before its content is seen. */
const unpacked = (input: Input): Input =>
  new Map([...input].filter(([name]) => !name.endsWith('.gz')))

export const tableTargets: readonly Target[] = [
  table(
    'csv',
    'tables and texts as CSV, also in UTF-16',
    () => tables(',').concat(tables(';')),
    anyTable,
  ),
  table('tsv', 'the same with tabs', () => tables('\t'), anyTable),
  table(
    'jsonl',
    'JSON Lines',
    (sources) => [
      ...objects.map(text),
      mails(sources, 'spam-mail'),
      mails(sources, 'sentiment-sites'),
    ],
    [jsonLines, jsonLines, jsonLines, ...anyTable],
  ),
  table('parquet', 'Parquet', parquetFiles, anyBytes),
  table('gz', 'tables packed with gzip', packed, [
    ...Array.from({ length: 2 * anyBytes.length }, () => packedContent),
    behindPacked,
    ...anyBytes,
  ]),
  {
    name: 'idx',
    title: 'folders with images and labels in idx files',
    corpus: async () => [images(12, 4, 4), unpacked(images(9, 1, 6))],
    mutators: { '*': anyBytes },
    async read(input) {
      const host = hostOf(input, 'images/')
      await previewDataset({ dataset: 'images', testShare: 0.2, labelColumn: undefined }, host)
      return undefined
    },
  },
]
