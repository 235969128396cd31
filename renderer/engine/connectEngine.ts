/**
 * Brings the client and the engine's process together: takes the ports that main sends by way of
 * the preload, from now on.
 */
import { enginePortMessage } from '../../electron/ipc/enginePort.ts'
import type { ClientPort, EngineClient } from './engineClient.ts'

export function connectEngine(client: EngineClient): void {
  window.addEventListener('message', ({ source, data, ports: [port] }) => {
    const isPort = (data as { type?: unknown } | null)?.type === enginePortMessage
    if (source === window && isPort && port !== undefined) client.attach(port as ClientPort)
  })
  window.shell.listen('engineStateChanged', ({ state }) => {
    if (state === 'lost' || state === 'failed') client.detach()
  })
  void window.shell.request('connectEngine')
}
