export { forkReader } from './forkReader.ts'
export type { Reader, StartReader } from './messages.ts'
export { createQuarantine } from './quarantine.ts'
