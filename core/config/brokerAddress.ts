/**
 * The address of a message broker. It never holds a user or a password: configs are shared, and lie
 * in run folders.
 */
import { z } from 'zod'

interface BrokerAddress {
  readonly host: string
  readonly port: number
  /** Whether the connection must be encrypted. */
  readonly isSecure: boolean
}

const defaultBrokerPort = 4222

/** @returns what is wrong with it as a text */
export function readBrokerAddress(text: string): BrokerAddress | string {
  const form = 'must be nats://HOST or tls://HOST, with :PORT if it is not 4222'
  const parts =
    /^(nats|tls):\/\/(?:(.*)@)?(\[[0-9a-fA-F:.]+\]|[^:/?#@[\]\s]+)(?::(\d{1,5}))?\/?$/.exec(text)
  if (parts === null) return form
  const [, scheme, user, host, digits] = parts
  if (user !== undefined)
    return 'must not hold a user or a password, which would lie in run folders: put them into a credentials file and name it in HISO_CREDENTIALS'
  const port = digits === undefined ? defaultBrokerPort : Number(digits)
  if (port < 1 || port > 65_535) return 'has a port beyond 1 to 65535'
  return { host: host!.replace(/^\[|\]$/g, ''), port, isSecure: scheme === 'tls' }
}

export const brokerAddress = z.string().superRefine((text, context) => {
  const read = readBrokerAddress(text)
  if (typeof read === 'string') context.addIssue({ code: 'custom', message: read })
})
