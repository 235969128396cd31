/**
 * The engine and the desktop that the stores talk to; set once before the app is mounted, and by
 * tests to fakes.
 */
import type { ShellApi } from '../../electron/ipc/shellApi.ts'
import type { EnginePort } from '../engine/port.ts'

let ports: { readonly engine: EnginePort; readonly shell: ShellApi } | undefined

export function setPorts(engine: EnginePort, shell: ShellApi): void {
  ports = { engine, shell }
}

export function enginePort(): EnginePort {
  return required().engine
}

export function shellPort(): ShellApi {
  return required().shell
}

function required() {
  if (ports === undefined)
    throw new Error('setPorts was not called before the first use of a store')
  return ports
}
