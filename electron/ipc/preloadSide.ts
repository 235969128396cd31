/** The preload's end of the contract, and the only place that touches `ipcRenderer`. */
import { ipcRenderer, webUtils } from 'electron'
import {
  channelOf,
  shellEvents,
  shellRequests,
  type Answer,
  type ShellRequestName,
} from './contract.ts'
import { enginePortMessage } from './enginePort.ts'
import type { ShellApi } from './shellApi.ts'

/** The channel on which main hands over ports to the engine. */
const enginePortChannel = 'engine:port'

export const shellApi: ShellApi = {
  async request(name, ...args) {
    const { args: expected, result } = contractOf(name)
    const checked = expected.parse(args)
    const answer = (await ipcRenderer.invoke(channelOf(name), ...(checked as unknown[]))) as Answer
    if (!answer.ok) throw new Error(answer.message)
    return result.parse(answer.value) as never
  },
  listen(name, listener) {
    if (!Object.hasOwn(shellEvents, name)) throw new Error(`there is no event ${String(name)}`)
    const receive = (_event: unknown, data: unknown) =>
      listener(shellEvents[name].parse(data) as never)
    ipcRenderer.on(channelOf(name), receive)
    return () => void ipcRenderer.removeListener(channelOf(name), receive)
  },
  // Electron 32 moved this from a property of File to webUtils.
  pathOf: (file) =>
    (webUtils as typeof webUtils | undefined)?.getPathForFile(file) ??
    (file as File & { path?: string }).path ??
    '',
}

/** Hands ports that main sends on to the page, which alone can hold them. */
export function forwardEnginePorts(): void {
  ipcRenderer.on(enginePortChannel, (event) => {
    window.postMessage({ type: enginePortMessage }, window.location.origin, [...event.ports])
  })
}

function contractOf(name: ShellRequestName) {
  if (!Object.hasOwn(shellRequests, name)) throw new Error(`there is no request ${String(name)}`)
  return shellRequests[name]
}
