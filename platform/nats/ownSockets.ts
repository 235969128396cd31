/**
 * The sockets that a connection opens. The broker's library leaves a socket open that it gives up
 * before a broker has spoken, and with it the process: here all of them can be closed.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { subscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'

const opener = new AsyncLocalStorage<OwnSockets>()
let isHearing = false

export class OwnSockets {
  #sockets: Socket[] = []

  /** Notes each socket that is opened by `open` and by what it starts. */
  during<Result>(open: () => Result): Result {
    if (!isHearing) subscribe('net.client.socket', noteSocket)
    isHearing = true
    return opener.run(this, open)
  }

  add(socket: Socket): void {
    this.#sockets = [...this.#sockets.filter(({ destroyed }) => !destroyed), socket]
  }

  close(): void {
    for (const socket of this.#sockets) {
      // What comes now is of a socket that nobody waits for any more.
      socket.on('error', () => {})
      socket.destroy()
    }
    this.#sockets = []
  }
}

function noteSocket(message: unknown): void {
  opener.getStore()?.add((message as { readonly socket: Socket }).socket)
}
