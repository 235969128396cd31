export type { ChangeableSetting } from './changeableSettings.ts'
export { precisions, type Precision } from './precision.ts'
export { ByteReader, ByteWriter } from './bytes.ts'
export { decodeData, encodeData } from './dataCodec.ts'
export { decode, encode, headAt, type FrameHead } from './codec.ts'
export { findFrame, isWholeFrame } from './findFrame.ts'
export { frameFields, type FrameField } from './frameFields.ts'
export { Ledger, paperBytes, vectorPaperBytes, type RoundBytes } from './ledger.ts'
export { decodeFrames, logHeader, logTypes, readLog, ScalarLog, type LogReading } from './log.ts'
export type {
  Answer,
  Change,
  Entry,
  Hello,
  LogMessage,
  Message,
  Reply,
  RoundEntry,
} from './message.ts'
export {
  snapshotFrameBytes,
  SnapshotParts,
  snapshotParts,
  type ChangedSetting,
  type ReplicaState,
  type Snapshot,
  type SnapshotShape,
} from './snapshotMessage.ts'
export { modelFrameBytes, updateFrameBytes, varintBytes } from './vectorCodec.ts'
export type { PackedVector, Update, VectorEntry } from './vectorMessage.ts'
