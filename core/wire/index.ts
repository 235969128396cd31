export { precisions, type Precision } from './precision.ts'
export { ByteReader, ByteWriter } from './bytes.ts'
export { crc32 } from './checksum.ts'
export { decode, encode, headAt, type FrameHead } from './codec.ts'
export { findFrame, isWholeFrame } from './findFrame.ts'
export { frameFields, type FrameField } from './frameFields.ts'
export { Ledger, paperBytes, vectorPaperBytes, type RoundBytes } from './ledger.ts'
export {
  decodeFrames,
  isLogMessage,
  logHeader,
  logTypes,
  logVersion,
  readLog,
  ScalarLog,
  type LogReading,
} from './log.ts'
export {
  changeableSettings,
  type Answer,
  type Assignment,
  type Change,
  type ChangeableSetting,
  type Entry,
  type LogMessage,
  type Message,
  type Reply,
  type RoundEntry,
} from './message.ts'
export { modelFrameBytes, updateFrameBytes } from './vectorCodec.ts'
export {
  vectorEncodings,
  type ClientVector,
  type Model,
  type PackedVector,
  type Update,
  type VectorEntry,
} from './vectorMessage.ts'
