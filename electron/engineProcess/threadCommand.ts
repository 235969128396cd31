/**
 * From the engine's process to the thread that the engine has in it: like main's commands, but a
 * page's port comes as one that threads know.
 */
import type { MessagePort } from 'node:worker_threads'
import type { HostCommand } from '../ipc/enginePort.ts'

export type ThreadCommand =
  | Exclude<HostCommand, { readonly type: 'connect' }>
  | { readonly type: 'serve'; readonly port: MessagePort }
