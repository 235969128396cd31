/**
 * What becomes of a connection once it is there: the broker goes and comes back, does not allow
 * something, or lets nobody in again.
 */
import {
  PermissionViolationError,
  type Msg,
  type NatsConnection,
  type Subscription,
} from '@nats-io/transport-node'
import { HisoError } from '../../core/base/index.ts'
import { brokerError } from './broker.ts'

/** Refusals that people read: a message that is not allowed may be sent again and again. */
const mostRefusals = 10

interface WatchOptions {
  /** The address as it may be shown. */
  readonly where: string
  /** Said where the broker does not allow what this connection is for. */
  readonly lacking: { readonly what: string; readonly remedy: string }
  onAway(): void
  onBack(): void
  /** The broker does not allow something, or (isOver) has closed the connection for good. */
  onRefused(error: HisoError, isOver: boolean): void
}

export interface BrokerWatch {
  /**
   * Once the broker has taken up what was asked of it so far.
   * @throws HisoError BROKER_REFUSED where it does not allow that
   */
  allowed(): Promise<void>
}

export function watchBroker(connection: NatsConnection, options: WatchOptions): BrokerWatch {
  const { where, lacking } = options
  const refusals = new Set<string>()
  let first: HisoError | undefined
  let isAllowed = false
  const refuse = (error: HisoError, isOver: boolean) => {
    first ??= error
    // Before, `allowed` says it.
    if (!isAllowed && !isOver) return
    if (refusals.has(error.message) || refusals.size >= mostRefusals) return
    refusals.add(error.message)
    options.onRefused(error, isOver)
  }
  const explain = (error: Error) =>
    error instanceof PermissionViolationError
      ? new HisoError('BROKER_REFUSED', {
          where,
          what: `${lacking.what} (the broker does not let them ${doingOf(error)})`,
          remedy: lacking.remedy,
          cause: error,
        })
      : brokerError(error, where)
  const watch = async () => {
    let isAway = false
    for await (const status of connection.status()) {
      if (status.type === 'disconnect' && !isAway) {
        isAway = true
        options.onAway()
      } else if (status.type === 'reconnect') {
        isAway = false
        options.onBack()
      } else if (status.type === 'error' && status.error instanceof PermissionViolationError) {
        refuse(explain(status.error), false)
      }
    }
  }
  void watch()
  void connection.closed().then((error) => {
    if (error instanceof Error) refuse(explain(error), true)
  })
  return {
    async allowed() {
      // A broker that goes in this moment says later what it does not allow.
      await connection.flush().catch(() => {})
      // The watch reads what came before the flush's answer.
      await new Promise((resolve) => setImmediate(resolve))
      if (first !== undefined) throw first
      isAllowed = true
    },
  }
}

/** Hears a subject. That the broker does not allow it, the watch says. */
export function listen(
  connection: NatsConnection,
  subject: string,
  onMessage: (message: Msg) => void,
): Subscription {
  return connection.subscribe(subject, {
    callback: (error, message) => {
      if (error === null) onMessage(message)
    },
  })
}

const doingOf = ({ operation, subject, message }: PermissionViolationError) =>
  subject === '' ? message : `${operation === 'publish' ? 'publish on' : 'hear'} ${subject}`
