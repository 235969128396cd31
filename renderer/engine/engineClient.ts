/**
 * The engine as the renderer sees it: requests with typed answers, events, and the state of the
 * connection. When the engine's process has died and is back, requests that may be
 * sent twice are sent again; the others fail with a message, for the run itself goes on by itself.
 */
import { errorFromData } from '../../core/base/index.ts'
import { requestEffects } from '../../core/engine/protocol/requestEffects.ts'
import type {
  EngineAnswer,
  EngineArgument,
  EngineEvent,
  EngineRequestName,
} from '../../core/engine/index.ts'
import { unpackRows } from '../../core/runs/index.ts'
import type {
  EnginePortCancel,
  EnginePortMessage,
  EnginePortRequest,
  PortEvent,
} from '../../electron/ipc/enginePort.ts'

/** `lost` is between the death of an engine and the next one; requests wait meanwhile. */
export type ConnectionState = 'connecting' | 'connected' | 'lost'

/** What is used of a MessagePort; a test passes its own. */
export interface ClientPort {
  postMessage(message: EnginePortRequest | EnginePortCancel): void
  onmessage: ((event: { readonly data: EnginePortMessage }) => void) | null
  close(): void
}

/** What a request takes: its argument, and what gives it up. */
export type Asked<Name extends EngineRequestName> =
  EngineArgument<Name> extends undefined
    ? []
    : [argument: EngineArgument<Name>, signal?: AbortSignal]

interface Pending {
  /** Whether an engine has been asked. */
  isSent: boolean
  readonly request: EnginePortRequest
  readonly resolve: (result: never) => void
  readonly reject: (error: Error) => void
}

export class EngineClient {
  readonly #pending = new Map<number, Pending>()
  readonly #eventListeners = new Set<(events: readonly EngineEvent[]) => void>()
  readonly #stateListeners = new Set<(state: ConnectionState) => void>()
  #port: ClientPort | undefined
  #state: ConnectionState = 'connecting'
  #requests = 0

  get state(): ConnectionState {
    return this.#state
  }

  /**
   * `signal` gives a question up: the process that reads for it is ended.
   * @throws HisoError, the signal's reason, and Error for a mistake of the engine's
   */
  request<Name extends EngineRequestName>(
    method: Name,
    ...[argument, signal]: Asked<Name>
  ): Promise<EngineAnswer<Name>> {
    return new Promise((resolve, reject) => {
      const request: EnginePortRequest = { id: this.#requests++, method, argument }
      const pending: Pending = { request, isSent: false, resolve, reject }
      this.#pending.set(request.id, pending)
      if (this.#state === 'connected') this.#send(pending)
      signal?.addEventListener('abort', () => this.#giveUp(pending, signal.reason as Error))
    })
  }

  #giveUp({ request: { id }, isSent, reject }: Pending, reason: Error): void {
    if (!this.#pending.delete(id)) return
    if (isSent && this.#state === 'connected') this.#port?.postMessage({ cancel: id })
    reject(reason)
  }

  /** Events arrive in batches, about one a frame. @returns ends the listening */
  listen(listener: (events: readonly EngineEvent[]) => void): () => void {
    this.#eventListeners.add(listener)
    return () => this.#eventListeners.delete(listener)
  }

  /** @returns ends the listening */
  listenToState(listener: (state: ConnectionState) => void): () => void {
    this.#stateListeners.add(listener)
    return () => this.#stateListeners.delete(listener)
  }

  /** Takes the port to a new engine. */
  attach(port: ClientPort): void {
    this.#port?.close()
    this.#port = port
    port.onmessage = ({ data }) => this.#receive(data)
    for (const pending of [...this.#pending.values()]) {
      const { request, isSent, reject } = pending
      if (!isSent || requestEffects[request.method] !== 'acts') this.#send(pending)
      else {
        this.#pending.delete(request.id)
        reject(
          new Error(
            'the engine was restarted before it could answer. Look at the run and try again if need be',
          ),
        )
      }
    }
    this.#setState('connected')
  }

  /** The engine's process has died; another one is coming. */
  detach(): void {
    if (this.#port !== undefined) this.#setState('lost')
  }

  #send(pending: Pending): void {
    const { request, reject } = pending
    try {
      this.#port?.postMessage(request)
      pending.isSent = true
    } catch (cause) {
      // A reactive proxy or a function in the argument: a mistake of ours, told to the caller
      // instead of to nobody.
      this.#pending.delete(request.id)
      reject(new Error(`${request.method}: the argument can't be sent`, { cause }))
    }
  }

  #receive(message: EnginePortMessage): void {
    if ('events' in message) {
      const events = message.events.flatMap(unpack)
      for (const listener of this.#eventListeners) listener(events)
      return
    }
    const waiting = this.#pending.get(message.id)
    this.#pending.delete(message.id)
    if ('error' in message) waiting?.reject(errorFromData(message.error))
    else waiting?.resolve(message.result as never)
  }

  #setState(state: ConnectionState): void {
    this.#state = state
    for (const listener of this.#stateListeners) listener(state)
  }
}

function unpack(event: PortEvent): EngineEvent[] {
  if (!('rows' in event)) return [event]
  const { folder, rows } = event
  return unpackRows(rows).map((row) => ({ folder, event: { type: 'roundCompleted', row } }))
}
