export { bundledImageSets, listBundledDatasets } from './bundled.ts'
export { chooseSamples, chooseSequences, evaluationSample } from './evaluationSample.ts'
export { preprocessingSchema, type Dataset, type Preprocessing, type Samples } from './dataset.ts'
export { doubleColumns } from './doubleColumns.ts'
export { drawBatch, smallClientNotices } from './minibatch.ts'
export { imageShare, isImages } from './imageShare.ts'
export { openDataset, previewDataset, type DatasetSettings } from './openDataset.ts'
export { partition, type Partition } from './partition.ts'
export type { DatasetPreview } from './preview.ts'
export { formatSplitCsv, splitTable, type SplitTable } from './splitTable.ts'
export { candidatesOf, classLookup, encodePrompt, encodeRows } from './text/encodeRows.ts'
export { listBundledTexts } from './text/bundledTexts.ts'
export { describeTexts, type TextColumn, type TextsSummary } from './text/describeTexts.ts'
export { holdsTexts } from './text/holdsTexts.ts'
export { answerMetrics, type AnswerMetric } from './text/metrics.ts'
export { openSequences } from './text/openSequences.ts'
export {
  padRows,
  type Padding,
  type RowGroups,
  type SequenceDataset,
  type SequenceSamples,
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
  templateSchema,
  type Template,
} from './text/template.ts'
export { openTables } from './text/openTables.ts'
export { openTokenizer, type TextTokenizer } from './text/tokenizer.ts'
