import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { memoryHost } from '../testing/memoryFiles.ts'
import { openDataset, previewDataset, type DatasetSettings } from './openDataset.ts'

type Entries = Readonly<Record<string, Uint8Array | string>>

const idx = (type: number, sizes: readonly number[], values: readonly number[]) =>
  Uint8Array.from([
    ...[0, 0, type, sizes.length],
    ...sizes.flatMap((size) => [0, 0, size >>> 8, size & 255]),
    ...values,
  ])
const idxImages = (pixels: readonly (readonly number[])[], height = 1) =>
  idx(8, [pixels.length, height, pixels[0]!.length / height], pixels.flat())
const idxLabels = (labels: readonly number[]) => idx(8, [labels.length], labels)

const settings = (dataset: string, more: Partial<DatasetSettings> = {}): DatasetSettings => ({
  dataset,
  testShare: 0.2,
  labelColumn: undefined,
  ...more,
})
const open = (entries: Entries, dataset = 'data', more?: Partial<DatasetSettings>) =>
  openDataset(settings(dataset, more), memoryHost(entries))
const gathered = (
  samples: { gather(indices: Uint32Array, out: Float32Array): void },
  indices: number[],
  size: number,
) => {
  const out = new Float32Array(indices.length * size)
  samples.gather(Uint32Array.from(indices), out)
  return [...out]
}

const trainPixels = [
  [0, 255],
  [255, 0],
  [0, 0],
  [51, 102],
]
const four: Entries = {
  'data/train-images-idx3-ubyte': idxImages(trainPixels),
  'data/train-labels-idx1-ubyte': idxLabels([3, 7, 3, 7]),
  'data/t10k-images-idx3-ubyte': idxImages([[10, 20]]),
  'data/t10k-labels-idx1-ubyte': idxLabels([5]),
}
const twenty = Array.from({ length: 20 }, (_, index) => [index, 2 * index])
const lone: Entries = {
  'data/images-idx3-ubyte': idxImages(twenty),
  'data/labels-idx1-ubyte': idxLabels(twenty.map(([value]) => value! % 2)),
}

describe('a folder of idx files', () => {
  it('says which settings of a table it has no use for', async () => {
    const asked = { testShare: 0.5, labelColumn: 'digit', standardise: false }
    const { notices } = await open(four, 'data', asked)
    expect(notices).toEqual([
      'task.labelColumn does nothing here: images have no columns.',
      'task.standardise does nothing here: images have no columns.',
      'task.testShare does nothing here: the dataset has a test set of its own.',
    ])
    expect((await open(lone, 'data', { testShare: 0.5 })).notices).toEqual([])
  })

  it('is a dataset normalised by its training pixels, its classes the labels that occur', async () => {
    const dataset = await open(four)
    expect(dataset).toMatchObject({
      name: 'data',
      title: 'data',
      featureShape: [1, 1, 2],
      featureSize: 2,
      classes: ['3', '5', '7'],
    })
    expect([...dataset.train.labels]).toEqual([0, 2, 0, 2])
    expect([...dataset.test.labels]).toEqual([1])
    const values = trainPixels.flat().map((value) => value / 255)
    const mean = values.reduce((sum, value) => sum + value, 0) / 8
    const std = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 8)
    const out = gathered(dataset.train, [3, 0], 2)
    ;[51, 102, 0, 255].forEach((value, index) =>
      expect(out[index]).toBeCloseTo((value / 255 - mean) / std, 6),
    )
    expect(gathered(dataset.test, [0], 2)[1]).toBeCloseTo((20 / 255 - mean) / std, 6)
  })

  it('may be packed, have dots in its names, and other prefixes', async () => {
    const plain = await open(four)
    const renamed = (rename: (name: string) => string, packed: boolean) =>
      open(
        Object.fromEntries(
          Object.entries(four).map(([name, bytes]) => [
            rename(name),
            packed ? new Uint8Array(gzipSync(bytes)) : bytes,
          ]),
        ),
      )
    const others = [
      await renamed((name) => `${name}.gz`, true),
      await renamed((name) => name.replace('-idx', '.idx'), false),
      await renamed(
        (name) => name.replace(/(train|t10k)/, 'emnist-letters-$1').replace('t10k', 'test'),
        false,
      ),
    ]
    for (const { fingerprint } of others) expect(fingerprint).toBe(plain.fingerprint)
  })

  it('has samples held out where it is a lone pair', async () => {
    const dataset = await open(lone)
    expect([dataset.train.count, dataset.test.count]).toEqual([16, 4])
    expect([...dataset.test.labels].sort()).toEqual([0, 0, 1, 1])
    const preview = await previewDataset(settings('data'), memoryHost(lone))
    expect(preview).toMatchObject({
      heldOut: true,
      train: 16,
      test: 4,
      values: { min: 0, max: 38 },
    })
  })

  it('previews its shapes, classes and values', async () => {
    const preview = await previewDataset(settings('data'), memoryHost(four))
    expect(preview).toEqual({
      name: 'data',
      title: 'data',
      format: 'idx',
      featureShape: [1, 1, 2],
      train: 4,
      test: 1,
      heldOut: false,
      classes: [
        { name: '3', train: 2, test: 0 },
        { name: '5', train: 0, test: 1 },
        { name: '7', train: 2, test: 0 },
      ],
      values: { min: 0, max: 255 },
      first: trainPixels.map((values, index) => ({ className: index % 2 ? '7' : '3', values })),
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
      notices: [],
    })
    expect(JSON.parse(JSON.stringify(preview))).toEqual(preview)
  })

  it('has features of 0 where all training pixels are the same', async () => {
    const dataset = await open({
      ...four,
      'data/train-images-idx3-ubyte': idxImages([
        [9, 9],
        [9, 9],
        [9, 9],
        [9, 9],
      ]),
    })
    expect(gathered(dataset.train, [0, 3], 2)).toEqual([0, 0, 0, 0])
  })

  const without = (...names: string[]) =>
    Object.fromEntries(Object.entries(four).filter(([name]) => !names.includes(name)))

  it.each<[string, Entries, string]>([
    [
      'without labels',
      without('data/train-labels-idx1-ubyte'),
      'data: holds train-images-idx3-ubyte, but not its labels. Add the file train-labels-idx1-ubyte',
    ],
    [
      'without images',
      { 'data/readme.txt': '' },
      'data: holds no idx images (such as train-images-idx3-ubyte or train-images-idx3-ubyte.gz). Give a folder with idx files',
    ],
    [
      'with a table',
      { 'data/readme.txt': '', 'data/iris.csv': '' },
      "For a table give the file's own path, for instance data/iris.csv",
    ],
    [
      'with several datasets',
      { ...four, 'data/other-images-idx3-ubyte': '' },
      'data: holds 2 training sets: other-images-idx3-ubyte, train-images-idx3-ubyte. Put each',
    ],
    [
      'with too few labels',
      { ...four, 'data/train-labels-idx1-ubyte': idxLabels([1, 2, 3]) },
      'data/train-labels-idx1-ubyte: has 3 labels for the 4 images of train-images-idx3-ubyte',
    ],
    [
      'with test images of another size',
      { ...four, 'data/t10k-images-idx3-ubyte': idxImages([[1, 2]], 2) },
      'data/t10k-images-idx3-ubyte: holds images of 2 × 1 pixels, but those to train on have 1 × 2',
    ],
    [
      'with one label',
      { ...four, 'data/train-labels-idx1-ubyte': idxLabels([5, 5, 5, 5]) },
      'data: all labels are 5, so there is nothing to distinguish',
    ],
    [
      'with damaged gzip data',
      {
        ...four,
        'data/t10k-labels-idx1-ubyte': Uint8Array.from(gzipSync('labels').subarray(0, 20)),
      },
      "data/t10k-labels-idx1-ubyte: can't be unpacked: its gzip data is cut short or damaged. Copy",
    ],
    [
      'with foreign files',
      { ...four, 'data/t10k-labels-idx1-ubyte': 'hello' },
      'data/t10k-labels-idx1-ubyte: is not an idx file: it starts with the bytes 68 65 6c 6c',
    ],
  ])('is refused %s', async (_, entries, message) => {
    await expect(open(entries)).rejects.toThrow(message)
    await expect(open(entries)).rejects.toMatchObject({ code: 'DATA_INVALID' })
  })
})

const rows = Array.from(
  { length: 50 },
  (_, index) => `${index},${1e6 + index ** 2},7,${index % 3 === 0 ? 'yes' : 'no'}`,
)
const table = ['a,b,c,label', ...rows].join('\n')

describe('a CSV file', () => {
  it('is a dataset standardised by its training rows', async () => {
    const dataset = await open({ 'x/t.csv': table }, 'x/t.csv')
    expect(dataset).toMatchObject({ title: 't.csv', featureShape: [3], classes: ['no', 'yes'] })
    expect([dataset.train.count, dataset.test.count]).toEqual([40, 10])
    const values = gathered(dataset.train, [...Array(40).keys()], 3)
    for (const column of [0, 1]) {
      const own = values.filter((_, index) => index % 3 === column)
      const mean = own.reduce((sum, value) => sum + value, 0) / 40
      expect(mean).toBeCloseTo(0, 5)
      expect(own.reduce((sum, value) => sum + value ** 2, 0) / 40).toBeCloseTo(1, 5)
    }
    expect(values.filter((_, index) => index % 3 === 2)).toEqual(Array(40).fill(0))
  })

  it('may be packed', async () => {
    const packed = new Uint8Array(gzipSync(table))
    const [plain, unpacked] = [await open({ data: table }), await open({ data: packed })]
    expect(unpacked.fingerprint).toBe(plain.fingerprint)
  })

  it('previews how it was understood', async () => {
    const preview = await previewDataset(
      settings('t.tsv'),
      memoryHost({ 't.tsv': table.replaceAll(',', '\t') }),
    )
    expect(preview).toMatchObject({
      format: 'csv',
      heldOut: true,
      classes: [
        { name: 'no', train: 26, test: 7 },
        { name: 'yes', train: 14, test: 3 },
      ],
      values: { min: 0, max: 1e6 + 49 ** 2 },
      table: {
        delimiter: '\t',
        header: true,
        labelColumn: 'label',
        columns: [
          { name: 'a', min: 0, max: 49, mean: 24.5 },
          { name: 'b', min: 1e6, max: 1e6 + 49 ** 2, mean: 1_000_808.5 },
          { name: 'c', min: 7, max: 7, mean: 7 },
        ],
      },
    })
  })

  it('is refused where its sums overflow, or it is one half of a pair of idx files', async () => {
    const huge = table.replace(/^[13],/gm, '1e300,').replace(/^[24],/gm, '-1e300,')
    await expect(open({ data: huge })).rejects.toThrow(
      'the values of column "a" (from -1e+300 to 1e+300) are too large',
    )
    await expect(open({ data: idxLabels([1, 2]) })).rejects.toThrow(
      'Give the folder that holds both',
    )
  })

  it.each([
    ['as it is', { standardise: false }],
    ['after scaling', { standardise: true }],
  ])('is refused where a value is infinite to training, %s', async (_, more) => {
    const rows = Array.from({ length: 20 }, (_, i) => `${i % 3}e-9,${i % 2}`)
    const huge = (row: number) =>
      rows.map((it, i) => (i === row ? it.replace('e-9', '3e300') : it)).join('\n')
    const refused = await Promise.allSettled(
      rows.map((_, row) => open({ data: `a,label\n${huge(row)}\n` }, 'data', more)),
    )
    for (const it of refused) {
      expect(it.status).toBe('rejected')
      expect(String((it as PromiseRejectedResult).reason)).toMatch(/column "a".* too large/)
    }
  })

  it('needs something to evaluate on', async () => {
    await expect(open({ data: table }, 'data', { testShare: 0 })).rejects.toThrow('task.testShare')
    await expect(open({ data: table }, 'data', { testShare: 1 })).rejects.toThrow(
      'none to train on',
    )
  })
})

describe('a fingerprint', () => {
  it('is the documented hash', async () => {
    // Made by Python: the header line, the 256-entry table, pixels, labels; see fingerprint.ts.
    const { fingerprint } = await open({
      ...four,
      'data/train-images-idx3-ubyte': idxImages([
        [9, 9],
        [9, 9],
        [9, 9],
        [9, 9],
      ]),
    })
    expect(fingerprint).toBe('a4390c73851ff0fcf6ee93ff833dc0503bf88bc13f0833bd16b29c731776f30e')
  })

  it('changes with values, labels, classes and the split, not with name and packing', async () => {
    const base = await open({ data: table })
    const fingerprints = [
      base,
      await open({ data: table.replace('1,1000001', '1.5,1000001') }),
      await open({ data: table.replace('1,1000001,7,no', '1,1000001,7,yes') }),
      await open({ data: table.replaceAll('yes', 'oui') }),
      await open({ data: table }, 'data', { testShare: 0.3 }),
    ].map(({ fingerprint }) => fingerprint)
    expect(new Set(fingerprints).size).toBe(fingerprints.length)
    expect((await open({ 'other.csv': table }, 'other.csv')).fingerprint).toBe(base.fingerprint)
  })
})

describe('a name that leads nowhere', () => {
  const bundled = {
    'resources/datasets/mnist/dataset.json': '{}',
    'resources/datasets/fashion-mnist/dataset.json': '{}',
  }

  it('is refused with the bundled names and the nearest of them', async () => {
    await expect(open(bundled, 'fashion-minst')).rejects.toThrow(
      'task.dataset: "fashion-minst" is neither a bundled dataset nor a file or folder. Did you mean fashion-mnist? Give the path of a CSV file or of a folder with idx files, or the name of a bundled dataset (fashion-mnist, mnist)',
    )
    await expect(open(bundled, '/data/plants.csv')).rejects.toMatchObject({
      code: 'DATA_NOT_FOUND',
      remedy: expect.not.stringContaining('Did you mean'),
    })
  })

  it('is told apart from a bundled dataset that is damaged', async () => {
    await expect(open(bundled, 'mnist')).rejects.toThrow(
      'resources/datasets/mnist/dataset.json: does not describe a dataset',
    )
  })
})
