/**
 * Requests and answers of any length over a broker, whose messages are short: longer ones travel in
 * parts, each acknowledged before the next is sent, so that neither side nor the broker has to hold
 * more than one.
 */
import {
  createInbox,
  type Msg,
  type NatsConnection,
  type Subscription,
} from '@nats-io/transport-node'
import { HisoError, joinBytes } from '../../core/base/index.ts'
import { ByteWriter } from '../../core/wire/index.ts'
import { plainCopy } from './plainCopy.ts'
import { listen } from './watchBroker.ts'

/** Below the broker's usual limit of 1 MiB, with room for what surrounds it. */
const partBytes = 512 * 1024
/** Of a part's acknowledgement. */
const acknowledgeMs = 20_000
/**
 * Messages that have begun and not ended, and their bytes together: beyond, the oldest is given up.
 * Each run sends a worker one at a time; a stranger could begin them without end.
 */
const mostUnfinished = 64
const mostUnfinishedBytes = 2 ** 31
/** A byte that says whether more follows, the sender, and the number of its message. */
const headerBytes = 9

interface Waiting {
  readonly parts: Uint8Array[]
  readonly resolve: (answer: Uint8Array) => void
  readonly reject: (error: Error) => void
}

/** What arrives in parts and is not whole yet. */
interface Unfinished {
  readonly parts: Uint8Array[]
  length: number
}

interface ServeOptions {
  /** Longer requests are refused. */
  readonly mostBytes?: number
}

export class Courier {
  readonly #connection: NatsConnection
  readonly #inbox: string
  readonly #sender = Math.floor(Math.random() * 2 ** 32)
  readonly #waiting = new Map<string, Waiting>()
  /** The last message on its way to each subject that has one. */
  readonly #sending = new Map<string, Promise<void>>()
  #messages = 0

  constructor(connection: NatsConnection, inboxPrefix?: string) {
    this.#connection = connection
    this.#inbox = createInbox(inboxPrefix)
    listen(connection, `${this.#inbox}.*`, (message) => this.#receive(message))
  }

  /**
   * Requests to one subject arrive in the order of asking.
   * @param signal gives up; its reason is thrown
   * @throws HisoError WORKER_DIED when nobody listens to the subject
   */
  ask(subject: string, bytes: Uint8Array, signal?: AbortSignal): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason as Error)
        return
      }
      const id = String(this.#messages)
      const giveUp = () => settle(() => reject(signal!.reason as Error))
      const settle = (tell: () => void) => {
        this.#waiting.delete(id)
        signal?.removeEventListener('abort', giveUp)
        tell()
      }
      signal?.addEventListener('abort', giveUp)
      this.#waiting.set(id, {
        parts: [],
        resolve: (answer) => settle(() => resolve(answer)),
        reject: (error) => settle(() => reject(error)),
      })
      this.#send(subject, bytes, `${this.#inbox}.${id}`).catch((error: Error) =>
        settle(() => reject(error)),
      )
    })
  }

  /** Sends what nobody answers, in the order of the requests. */
  tell(subject: string, bytes: Uint8Array): void {
    this.#send(subject, bytes).catch(() => {})
  }

  /** @param answer called in the order of the requests; what it throws is not answered */
  serve(
    subject: string,
    answer: (request: Uint8Array, subject: string) => Promise<Uint8Array>,
    { mostBytes = Infinity }: ServeOptions = {},
  ): Subscription {
    const unfinished = new UnfinishedMessages(mostBytes)
    return this.#connection.subscribe(subject, {
      callback: (error, message) => {
        if (error !== null || message.data.length < headerBytes) return
        const request = unfinished.collect(message)
        if (request === undefined) return
        const { reply } = message
        void answer(request, message.subject)
          .then((bytes) => (reply === undefined ? undefined : this.#send(reply, bytes)))
          .catch(() => {})
      },
    })
  }

  /** Sends one message after the other to a subject. */
  #send(subject: string, bytes: Uint8Array, reply?: string): Promise<void> {
    const number = this.#messages++
    const before = this.#sending.get(subject)
    if (before === undefined && bytes.length <= partBytes) {
      this.#publish(subject, this.#part(bytes, number, false), reply)
      return Promise.resolve()
    }
    const sent = (before ?? Promise.resolve())
      .catch(() => {})
      .then(() => this.#sendParts(subject, bytes, number, reply))
      .finally(() => {
        if (this.#sending.get(subject) === sent) this.#sending.delete(subject)
      })
    this.#sending.set(subject, sent)
    return sent
  }

  async #sendParts(subject: string, bytes: Uint8Array, number: number, reply?: string) {
    let from = 0
    for (; bytes.length - from > partBytes; from += partBytes) {
      const part = this.#part(bytes.subarray(from, from + partBytes), number, true)
      await this.#connection.request(subject, part, { timeout: acknowledgeMs })
    }
    this.#publish(subject, this.#part(bytes.subarray(from), number, false), reply)
  }

  #publish(subject: string, part: Uint8Array, reply?: string): void {
    this.#connection.publish(subject, part, reply === undefined ? {} : { reply })
  }

  #part(bytes: Uint8Array, number: number, isMore: boolean): Uint8Array {
    const writer = new ByteWriter(headerBytes + bytes.length)
    writer.uint8(isMore ? 1 : 0)
    writer.uint32(this.#sender)
    writer.uint32(number % 2 ** 32)
    writer.bytes(bytes)
    return writer.written
  }

  #receive(message: Msg): void {
    const waiting = this.#waiting.get(message.subject.slice(this.#inbox.length + 1))
    if (waiting === undefined) return
    if (message.headers?.code === 503) {
      waiting.reject(new HisoError('WORKER_DIED', { what: 'its connection has ended' }))
      return
    }
    if (message.data.length < headerBytes) return
    waiting.parts.push(plainCopy(message.data.subarray(headerBytes)))
    if (message.data[0] === 1) message.respond()
    else waiting.resolve(waiting.parts.length === 1 ? waiting.parts[0]! : joinBytes(waiting.parts))
  }
}

/** What arrives in parts, by sender and number of the message. */
export class UnfinishedMessages {
  readonly #mostBytes: number
  /** The oldest first. */
  readonly #begun = new Map<string, Unfinished>()
  #bytes = 0

  /** @param mostBytes of one message: longer ones are given up */
  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes
  }

  get bytes(): number {
    return this.#bytes
  }

  /** @returns the request, once all of its parts are there */
  collect(message: Pick<Msg, 'data' | 'respond'>): Uint8Array | undefined {
    const { data } = message
    const key = String.fromCharCode(...data.subarray(1, headerBytes))
    const body = plainCopy(data.subarray(headerBytes))
    const before = this.#begun.get(key) ?? { parts: [], length: 0 }
    const length = before.length + body.length
    if (data[0] === 0 || length > this.#mostBytes) {
      this.#giveUp(key)
      if (length > this.#mostBytes) return undefined
      return before.parts.length === 0 ? body : joinBytes([...before.parts, body])
    }
    before.parts.push(body)
    before.length = length
    this.#begun.set(key, before)
    this.#bytes += body.length
    for (const oldest of this.#begun.keys()) {
      if (this.#begun.size <= mostUnfinished && this.#bytes <= mostUnfinishedBytes) break
      this.#giveUp(oldest)
    }
    message.respond()
    return undefined
  }

  #giveUp(key: string): void {
    this.#bytes -= this.#begun.get(key)?.length ?? 0
    this.#begun.delete(key)
  }
}
