/**
 * From `task.dataset` to a dataset in memory: a bundled name, a folder of idx files, or a CSV file.
 */
import { HisoError, type Files, type Host } from '../base/index.ts'
import { suggestion, type ClassificationSettings } from '../config/index.ts'
import {
  bundledDatasetNames,
  readBundledDataset,
  readImageFacts,
  type ImageFacts,
} from './bundled.ts'
import { asTheyAre, columnSamples, standardise, summariseColumns } from './columns.ts'
import { parseCsv, type CsvTable } from './csv.ts'
import type { Dataset, Preprocessing } from './dataset.ts'
import { datasetFingerprint } from './fingerprint.ts'
import { doubleColumnNotices } from './doubleColumns.ts'
import { holdOut, testShareNotices } from './holdOut.ts'
import { looksLikeIdx } from './idx.ts'
import { openImageFolder } from './imageFolder.ts'
import { countClasses, firstSamples, type DatasetPreview, type OpenedDataset } from './preview.ts'
import { readNumericTable, type NumericTable } from './table/numericTable.ts'
import { readRecords } from './table/records.ts'
import { formOf, HEAD_BYTES } from './text/readTable.ts'
import { headOf, readUnpacked, unpackedPieces } from './unpack.ts'

/** The settings of `task:` that choose the data. */
export type DatasetSettings = Pick<
  ClassificationSettings,
  'dataset' | 'labelColumn' | 'testShare'
> &
  Partial<Pick<ClassificationSettings, 'standardise'>>

/**
 * Opens what `settings.dataset` names. A bundled name wins over a path. A dataset without a test
 * set gets one: `testShare` of its samples, the same ones for every seed of a run (see `holdOut`).
 * Otherwise a notice says that `testShare` has no effect.
 *
 * @throws HisoError DATA_NOT_FOUND if the dataset does not exist
 * @throws HisoError DATA_INVALID for files that are foreign, cut short or inconsistent, naming the
 *   file (and row and column)
 * @throws HisoError CONFIG_INVALID for a label column or a test share that does not fit the data
 * @throws HisoError FILE_UNREADABLE
 */
export async function openDataset(settings: DatasetSettings, host: Host): Promise<Dataset> {
  return (await open(settings, host)).dataset
}

/**
 * What a dataset holds: shapes, counts, classes, ranges, and for tables how the file was read.
 *
 * @throws HisoError as `openDataset`
 */
export async function previewDataset(
  settings: DatasetSettings,
  host: Host,
): Promise<DatasetPreview> {
  return (await open(settings, host)).preview
}

async function open(settings: DatasetSettings, host: Host): Promise<OpenedDataset> {
  const { dataset: name } = settings
  const { files } = host
  const bundled = await bundledDatasetNames(files)
  if (bundled.includes(name)) {
    const { folder, metadata } = await readBundledDataset(name, files)
    const { title } = metadata
    return 'table' in metadata
      ? openTable(settings, files.join(folder, `${metadata.table}.gz`), { name, title }, host)
      : openImages(settings, folder, { name, title }, host, metadata)
  }
  const title = name.split(/[\\/]/).findLast((part) => part !== '') ?? name
  switch (await files.kind(name)) {
    case 'folder':
      return openImages(settings, name, { name, title }, host, await readImageFacts(name, files))
    case 'file':
      return openTable(settings, name, { name, title }, host)
    case undefined:
      throw notFound(name, bundled)
  }
}

/** Images have no columns, and often a test set: what settings ask of such is said. */
async function openImages(
  { labelColumn, standardise: standardises = true, testShare }: DatasetSettings,
  folder: string,
  of: { readonly name: string; readonly title: string },
  host: Host,
  facts?: ImageFacts,
): Promise<OpenedDataset> {
  const { dataset, preview } = await openImageFolder(folder, of, testShare, host, facts)
  const columns = 'images have no columns'
  const notices = [
    ...dataset.notices,
    ...(labelColumn === undefined ? [] : [`task.labelColumn does nothing here: ${columns}.`]),
    ...(standardises ? [] : [`task.standardise does nothing here: ${columns}.`]),
    ...(preview.heldOut ? [] : testShareNotices(testShare)),
  ]
  return { dataset: { ...dataset, notices }, preview: { ...preview, notices } }
}

function notFound(name: string, bundled: readonly string[]): HisoError {
  const near = suggestion(name, bundled)
  return new HisoError('DATA_NOT_FOUND', {
    where: 'task.dataset',
    what: `"${name}" is neither a bundled dataset nor a file or folder`,
    remedy: name.startsWith('hf:')
      ? 'What was downloaded from the hub are texts: set task.kind to language, or give the path of a file in it'
      : `${near === undefined ? 'Put it back, or give' : `Did you mean ${near}? Give`} the path of a CSV file or of a folder with idx files, or the name of a bundled dataset (${bundled.join(', ')})`,
  })
}

async function openTable(
  { labelColumn, testShare, standardise: standardises = true }: DatasetSettings,
  file: string,
  { name, title }: { readonly name: string; readonly title: string },
  host: Host,
): Promise<OpenedDataset> {
  const table = await readTableFile(file, labelColumn, host.files)
  const { columns, classes, values } = table
  const split = holdOut(table.labels, classes.length, testShare)
  const scaled = standardises
    ? standardise(values, columns, split.train, split.test, name)
    : asTheyAre(values, columns, split.train, split.test, name)
  const preprocessing: Preprocessing = {
    kind: 'standardise',
    columns: [...columns],
    ...scaled.scaling,
  }
  const notices = [...table.notices, ...doubleColumnNotices(preprocessing)]
  const labelsOf = (rows: Uint32Array) => Int32Array.from(rows, (row) => table.labels[row]!)
  const train = { values: scaled.train, labels: labelsOf(split.train) }
  const test = { values: scaled.test, labels: labelsOf(split.test) }

  const featureSize = columns.length
  const featureShape = [featureSize]
  const dataset: Dataset = {
    name,
    title,
    featureShape,
    featureSize,
    classes,
    train: columnSamples(train.values, train.labels, featureSize),
    test: columnSamples(test.values, test.labels, featureSize),
    preprocessing,
    labelNumbers: undefined,
    notices,
    fingerprint: datasetFingerprint({ featureShape, classes, train, test }, host),
  }
  const summaries = summariseColumns(values, columns)
  const preview: DatasetPreview = {
    name,
    title,
    format: table.format,
    featureShape,
    train: train.labels.length,
    test: test.labels.length,
    heldOut: true,
    classes: countClasses(dataset),
    values: {
      min: summaries.reduce((least, { min }) => Math.min(least, min), Infinity),
      max: summaries.reduce((most, { max }) => Math.max(most, max), -Infinity),
    },
    first: firstSamples(dataset, values, (sample) => split.train[sample]!),
    fingerprint: dataset.fingerprint,
    notices,
    table: {
      ...(table.delimiter !== undefined && { delimiter: table.delimiter }),
      header: table.header,
      labelColumn: table.labelColumn,
      columns: summaries,
    },
  }
  return { dataset, preview }
}

interface ReadTable extends NumericTable {
  readonly format: DatasetPreview['format']
  readonly delimiter?: string
  readonly header: boolean
}

async function readTableFile(
  file: string,
  labelColumn: string | undefined,
  files: Files,
): Promise<ReadTable> {
  const head = await headOf(unpackedPieces(file, files), HEAD_BYTES)
  if (looksLikeIdx(head))
    throw new HisoError('DATA_INVALID', {
      where: file,
      what: 'is an idx file, which holds either the images or the labels of a dataset',
      remedy: 'Give the folder that holds both',
    })
  const format = formOf(head)
  if (format === 'delimited') {
    const table: CsvTable = parseCsv(await readUnpacked(file, files), file, labelColumn)
    return { ...table, format: 'csv' }
  }
  const source = await readRecords(file, labelColumn, files)
  return {
    ...readNumericTable(source),
    format: format === 'parquet' ? 'parquet' : 'jsonLines',
    header: true,
  }
}
