export { HisoError, assertNever, messageOf, type ErrorCode, type ErrorDetail } from './errors.ts'
export { errorFromData, errorToData, type ErrorData } from './errorData.ts'
export type { Appender, Digest, Files, Folder, Host, OwnFiles } from './host.ts'
export { joinBytes } from './joinBytes.ts'
