/** The connection to a message broker, and what people read when there is none. */
import { checkServerIdentity, type PeerCertificate } from 'node:tls'
import {
  AuthorizationError,
  connect,
  credsAuthenticator,
  type NatsConnection,
  type TlsOptions,
} from '@nats-io/transport-node'
import { HisoError, messageOf } from '../../core/base/index.ts'
import { readBrokerAddress } from '../../core/config/index.ts'
import type { Credentials } from './credentials.ts'
import { OwnSockets } from './ownSockets.ts'

interface BrokerOptions {
  readonly credentials?: Credentials | undefined
  /** What the broker's own pages call this connection. */
  readonly name: string
  /** Where answers to this connection arrive; a client of a federation may have one place only. */
  readonly inboxPrefix?: string | undefined
}

const connectMs = 5000

/**
 * Connects to the broker that was named, and to no other: what a broker says of its neighbours is
 * not followed.
 * @throws HisoError BROKER_ADDRESS, BROKER_UNREACHABLE, BROKER_REFUSED
 */
export async function connectBroker(
  text: string,
  { credentials = {}, name, inboxPrefix }: BrokerOptions,
): Promise<NatsConnection> {
  const address = readBrokerAddress(text)
  if (typeof address === 'string')
    throw new HisoError('BROKER_ADDRESS', {
      where: shownAddress(text),
      what: `the address ${address}`,
    })
  const { host, port, isSecure } = address
  const { user, password, creds } = credentials
  const sockets = new OwnSockets()
  const open = () =>
    connect({
      servers: [`${host.includes(':') ? `[${host}]` : host}:${port}`],
      name,
      timeout: connectMs,
      ignoreClusterUpdates: true,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 500,
      // A connection that says nothing for so long is dead, and is made anew.
      pingInterval: 5000,
      maxPingOut: 2,
      noAsyncTraces: true,
      ...(inboxPrefix !== undefined && { inboxPrefix }),
      ...(user !== undefined && { user }),
      ...(password !== undefined && { pass: password }),
      ...(creds !== undefined && {
        authenticator: credsAuthenticator(new TextEncoder().encode(creds)),
      }),
      tls: tlsOf(credentials, host, isSecure),
    })
  try {
    const connection = await sockets.during(open)
    void connection.closed().then(() => sockets.close())
    return connection
  } catch (error) {
    sockets.close()
    throw brokerError(error, shownAddress(text), credentials)
  }
}

/** An address as it may be shown: whatever stands before @ may be a password. */
export function shownAddress(text: string): string {
  return text.replace(/\/\/.*@/, '//…@')
}

interface CheckedTlsOptions extends TlsOptions {
  readonly checkServerIdentity: (name: string, certificate: PeerCertificate) => Error | undefined
}

/**
 * The library names no host where the address holds an IP, and Node then compares the certificate
 * with "localhost": here it is always compared with the host of the address.
 * @returns null for a connection without TLS
 */
function tlsOf(
  { ca, certificate, key }: Credentials,
  host: string,
  isSecure: boolean,
): CheckedTlsOptions | null {
  if (!isSecure && ca === undefined) return null
  return {
    ...(ca !== undefined && { ca }),
    ...(certificate !== undefined && { cert: certificate }),
    ...(key !== undefined && { key }),
    checkServerIdentity: (_, shown) => checkServerIdentity(host, shown),
  }
}

interface Cause {
  readonly code?: unknown
  readonly cause?: unknown
}

/** All codes of an error and of what caused it. */
function codesOf(error: unknown): string[] {
  const codes: string[] = []
  for (let it = error as Cause | undefined; typeof it === 'object' && it !== null;) {
    if (typeof it.code === 'string') codes.push(it.code)
    it = it.cause as Cause | undefined
  }
  return codes
}

/** What a person reads of an error of the broker or of the way to it. */
export function brokerError(
  error: unknown,
  where: string,
  credentials: Credentials = {},
): HisoError {
  const unreachable = (what: string, remedy: string) =>
    new HisoError('BROKER_UNREACHABLE', { where, what, remedy, cause: error })
  const refused = (what: string, remedy: string) =>
    new HisoError('BROKER_REFUSED', { where, what, remedy, cause: error })
  const codes = codesOf(error)
  const message = messageOf(error)
  const has = (...known: readonly string[]) => known.some((code) => codes.includes(code))
  if (error instanceof AuthorizationError || /authorization violation/i.test(message))
    return saysWhoItIs(credentials)
      ? refused(
          'the broker does not accept these credentials',
          'Check that the file is for this broker, or ask its operator for a new one',
        )
      : refused(
          'the broker wants to know who you are: a user and password, or a NATS .creds file',
          'Ask its operator for a credentials file, and name it with --credentials or HISO_CREDENTIALS',
        )
  if (/server does not support 'tls'/.test(message))
    return refused(
      where.startsWith('tls:')
        ? 'the broker speaks without TLS'
        : 'the broker speaks without TLS, and the credentials file names a certificate (ca)',
      where.startsWith('tls:')
        ? `Write nats:// in place of tls://, if you trust the network between here and there`
        : 'Let the broker use TLS, or leave ca out if you trust the network between here and there',
    )
  // The library stumbles over tls: null where a broker insists on TLS.
  if (/'tls' is not available|this\.options\.tls/.test(message))
    return refused(
      'the broker wants TLS',
      `Write tls:// in place of nats://: ${where.replace(/^nats:/, 'tls:')}`,
    )
  if (has('CERT_HAS_EXPIRED'))
    return refused(
      'the broker’s certificate has expired, or the clock of this machine is wrong',
      'Renew the certificate on the broker’s machine, or set the clock',
    )
  if (has('CERT_NOT_YET_VALID'))
    return refused(
      'the broker’s certificate is not valid yet: the clock of this machine is behind, or the broker’s was ahead when it was made',
      'Set the clocks, then make the certificate again if need be',
    )
  if (has('ERR_TLS_CERT_ALTNAME_INVALID'))
    return refused(
      'the broker’s certificate is for another host name',
      'Use the name or IP address that the certificate was made for, or make one for this host',
    )
  if (codes.some((code) => /CERT|UNABLE_TO|SELF_SIGNED/.test(code)))
    return refused(
      'the broker’s certificate is signed by nobody that this machine trusts',
      'Put the certificate of who signed it into the credentials file, under ca: |',
    )
  if (has('ECONNREFUSED'))
    return unreachable(
      'no broker listens there',
      'Start nats-server on that machine, or check the port',
    )
  if (has('ENOTFOUND', 'EAI_AGAIN') || /getaddrinfo/.test(message))
    return unreachable('there is no host of this name', 'Check the spelling, and the network')
  if (has('EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT') || /timeout/i.test(message))
    return unreachable(
      'no broker has answered within 5 s: the host is away, behind a firewall, or speaks another protocol',
      'Check that nats-server runs there, and that its port is open',
    )
  return unreachable(
    `what listens there is no broker that this program can talk to (${message})`,
    'Check that nats-server runs there, and that this is its port',
  )
}

/** A certificate of one's own can do so too. */
const saysWhoItIs = ({ user, creds, certificate }: Credentials) =>
  user !== undefined || creds !== undefined || certificate !== undefined

/** Whether anything can be sent: not by a connection that has ended, or is about to. */
export function isOpen(connection: NatsConnection): boolean {
  return !connection.isClosed() && !connection.isDraining()
}
