export { listBundledDatasets, type BundledDataset, type DatasetMetadata } from './bundled.ts'
export type { ColumnSummary } from './columns.ts'
export { parseCsv, type CsvTable } from './csv.ts'
export { chooseSamples, chooseSequences, evaluationSample } from './evaluationSample.ts'
export { preprocessingSchema, type Dataset, type Preprocessing, type Samples } from './dataset.ts'
export { parseIdxImages, parseIdxLabels, type IdxImages } from './idx.ts'
export { drawBatch, smallClientNotices } from './minibatch.ts'
export { openDataset, previewDataset, type DatasetSettings } from './openDataset.ts'
export { partition, type Partition } from './partition.ts'
export type { ClassCount, DatasetPreview, RawSample, TablePreview } from './preview.ts'
export { formatSplitCsv, splitTable, type SplitTable } from './splitTable.ts'
export {
  candidatesOf,
  classLookup,
  encodePrompt,
  encodeRows,
  type Truncation,
} from './text/encodeRows.ts'
export { listBundledTexts, type BundledText } from './text/bundledTexts.ts'
export { describeTexts, type TextColumn, type TextsSummary } from './text/describeTexts.ts'
export { holdsTexts } from './text/holdsTexts.ts'
export { lengthDistribution, type LengthDistribution } from './text/lengths.ts'
export { answerMetrics, exactMatch, f1, rougeL, type AnswerMetric } from './text/metrics.ts'
export { openSequences, type OpenedSequences } from './text/openSequences.ts'
export {
  padRows,
  type Padding,
  type RowGroups,
  type SequenceDataset,
  type SequenceSamples,
  type TokenBatch,
  type TokenRow,
} from './text/sequences.ts'
export { openShared, shareSequences, type SharedSequences } from './text/sharedSequences.ts'
export type { TextTable } from './text/table.ts'
export {
  fieldsOf,
  fillIn,
  listTemplates,
  openTemplate,
  parseTemplate,
  readTemplate,
  requiredFields,
  type Template,
} from './text/template.ts'
export { openTables } from './text/openTables.ts'
export { openTokenizer, type TextTokenizer } from './text/tokenizer.ts'
