export { HisoError, assertNever, messageOf, type ErrorCode, type ErrorDetail } from './errors.ts'
export type { Digest, Files, Host } from './host.ts'
