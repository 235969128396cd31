/**
 * What `promote.ts` added to a file, recorded in the file's own metadata, so that `exportModel.ts`
 * can remove it again.
 */
import { create } from '@bufbuild/protobuf'
import { type ModelProto, StringStringEntryProtoSchema } from '../onnx/index.ts'

export interface PromotionRecord {
  readonly labels: string
  /** Names of the original outputs, in order. */
  readonly outputs: readonly string[]
  /** How many nodes were added at the end. */
  readonly nodes: number
  /** How many initializers were added at the end. */
  readonly initializers: number
}

const KEY = 'hiso.promotion'

export function writeRecord(model: ModelProto, record: PromotionRecord): void {
  const entry = { key: KEY, value: JSON.stringify(record) }
  // A foreign file may bring one that means another graph.
  const others = model.metadataProps.filter(({ key }) => key !== KEY)
  model.metadataProps = [...others, create(StringStringEntryProtoSchema, entry)]
}

/** Removes the record from the model and returns it. */
export function takeRecord(model: ModelProto): PromotionRecord {
  const entry = model.metadataProps.find((it) => it.key === KEY)
  if (entry === undefined) throw new Error('the model was not made by promoteModel')
  model.metadataProps = model.metadataProps.filter((it) => it !== entry)
  return JSON.parse(entry.value) as PromotionRecord
}
