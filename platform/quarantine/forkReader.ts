/** A reading process under Node: a child of this one. */
import { fork } from 'node:child_process'
import type { ReaderMessage } from '../../core/engine/index.ts'
import type { Reader, ReaderSettings } from './messages.ts'

/** @param script built from readerProcess.ts */
export function forkReader(script: string | URL, settings: ReaderSettings): Reader {
  const child = fork(script, [JSON.stringify(settings)], {
    serialization: 'advanced',
    // What a native part of it writes as it dies is no message for people.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: [],
  })
  return {
    send: (request) => child.send(request),
    listen({ message, ended }) {
      child.removeAllListeners()
      child.on('message', (it) => message(it as ReaderMessage))
      child.on('error', (error) => ended(error.message))
      child.on('exit', (code, signal) => ended(signal ?? `code ${code}`))
    },
    kill: () => child.kill('SIGKILL'),
    hold(isHeld) {
      if (isHeld) {
        child.ref()
        child.channel?.ref()
      } else {
        child.unref()
        child.channel?.unref()
      }
    },
  }
}
