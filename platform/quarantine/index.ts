export { forkReader } from './forkReader.ts'
export type { Reader, ReaderSettings, StartReader } from './messages.ts'
export { createQuarantine } from './quarantine.ts'
