/** What the preload puts on `window`. */
import type { ShellApi } from '../electron/ipc/shellApi.ts'

declare global {
  interface Window {
    readonly shell: ShellApi
  }
}
