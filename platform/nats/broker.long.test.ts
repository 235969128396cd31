/** What people read when there is no broker to talk to: each cause tried with a real socket. */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { TestBroker } from '../../core/testing/broker.ts'
import { describeWithBroker } from '../../core/testing/describeWithBroker.ts'
import { HisoError } from '../../core/base/index.ts'
import { connectBroker } from './broker.ts'
import type { Credentials } from './credentials.ts'

const connecting = (address: string, credentials: Credentials = {}) =>
  connectBroker(address, { name: 'test', credentials })

/** What comes of connecting; a connection is closed again. */
async function outcomeOf(address: string, credentials: Credentials = {}): Promise<string> {
  try {
    await (await connecting(address, credentials)).close()
    return 'accepted'
  } catch (error) {
    return error instanceof HisoError ? `${error.code}: ${error.message}` : String(error)
  }
}

/** What is said of a server that does this with each connection. */
async function saidOf(greet: (socket: Socket) => void): Promise<unknown> {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    greet(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  try {
    return await connecting(`nats://127.0.0.1:${port}`).catch((error: unknown) => error)
  } finally {
    server.close()
  }
}

describe('no broker', () => {
  test.each([
    ['ssh', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['smtp', '220 mail.example.org ESMTP\r\n'],
    ['redis', '-ERR unknown command\r\n'],
    ['noise', '\u0000\u0001\u0002\r\n'],
  ])('a port where %s speaks is named, and what to check', async (_, greeting) => {
    const error = await saidOf((socket) => socket.end(greeting))
    expect(error).toMatchObject({ code: 'BROKER_UNREACHABLE' })
    expect(String((error as Error).message)).toMatch(/no broker|nats-server/)
  })

  test('a port that hangs up at once', async () => {
    const error = await saidOf((socket) => socket.destroy())
    expect(error).toMatchObject({ code: 'BROKER_UNREACHABLE' })
  })

  test('a port that says nothing, as a web server does, is given up after 5 s, and let go', async () => {
    let hungUp: Promise<unknown> | undefined
    const error = await saidOf((socket) => {
      hungUp = once(socket, 'close')
    })
    expect(error).toMatchObject({
      code: 'BROKER_UNREACHABLE',
      what: expect.stringContaining('speaks another protocol'),
    })
    // Else the socket would keep this process alive.
    await hungUp
  })

  test('a port where nobody listens, and a host that is not there', async () => {
    await expect(connecting('nats://127.0.0.1:1')).rejects.toMatchObject({
      code: 'BROKER_UNREACHABLE',
      what: 'no broker listens there',
    })
    await expect(connecting('nats://no-such-host.invalid')).rejects.toMatchObject({
      code: 'BROKER_UNREACHABLE',
      what: 'there is no host of this name',
    })
  })
})

describeWithBroker('a broker with TLS', () => {
  let folder: string
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'hiso-tls-'))))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  /** For the broker, by an authority of the tests; valid for two days around a day from now. */
  function makeCertificate(daysFromNow: number, subject = 'IP:127.0.0.1'): string {
    const openssl = (...args: readonly string[]) =>
      execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
    const write = (name: string, text: string) => writeFileSync(join(folder, name), text)
    const at = (days: number) =>
      new Date(Date.now() + days * 86_400_000).toISOString().replace(/\.\d+|[-:T]/g, '')
    write('index.txt', '')
    write('serial', '01\n')
    write('names', `subjectAltName=${subject}`)
    write(
      'ca.cnf',
      '[ca]\ndefault_ca=own\n[own]\ndatabase=index.txt\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\npolicy=any\n[any]\ncommonName=supplied\n',
    )
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
    openssl('req', '-x509', ...key, '-keyout', 'ca-key.pem', '-out', 'ca.pem', '-subj', '/CN=test')
    openssl('req', ...key, '-keyout', 'key.pem', '-out', 'own.csr', '-subj', '/CN=broker')
    openssl(
      ...['ca', '-batch', '-config', 'ca.cnf', '-cert', 'ca.pem', '-keyfile', 'ca-key.pem'],
      ...['-in', 'own.csr', '-out', 'cert.pem', '-extfile', 'names', '-notext'],
      ...['-startdate', at(daysFromNow - 0.5), '-enddate', at(daysFromNow + 0.5)],
    )
    return readFileSync(join(folder, 'ca.pem'), 'utf8')
  }

  const tlsLines = () =>
    `tls { cert_file: "${join(folder, 'cert.pem')}", key_file: "${join(folder, 'key.pem')}" }`

  test.each([
    ['whose clock is a day ahead', 1, undefined, /not valid yet: the clock of this machine/],
    ['whose certificate expired a day ago', -1, undefined, /has expired, or the clock/],
    ['of another host name', 0, 'DNS:elsewhere.example.org', /another host name/],
  ])('%s is refused with what to do', async (_, days, subject, said) => {
    const ca = makeCertificate(days, subject)
    const broker = await TestBroker.start(tlsLines())
    await expect(connecting(`tls://127.0.0.1:${broker.port}`, { ca })).rejects.toMatchObject({
      code: 'BROKER_REFUSED',
      what: expect.stringMatching(said),
      remedy: expect.stringMatching(/./),
    })
    await broker.close()
  })

  const otherName = /BROKER_REFUSED: .*another host name/
  test.each([
    ['IP:127.0.0.1', '127.0.0.1', /accepted/],
    ['DNS:localhost', '127.0.0.1', otherName],
    ['DNS:localhost', 'localhost', /accepted/],
    ['DNS:elsewhere.example.org', 'localhost', otherName],
    ['IP:127.0.0.1', 'localhost', otherName],
    ['IP:127.0.0.2', '127.0.0.1', otherName],
    ['IP:::1', '[::1]', /accepted/],
    ['DNS:localhost', '[::1]', otherName],
  ])('with a certificate for %s is at %s: %s', async (subject, host, outcome) => {
    const ca = makeCertificate(0, subject)
    const isSix = host.startsWith('[')
    const broker = await TestBroker.start(tlsLines(), isSix ? '[::1]' : '127.0.0.1')
    expect(await outcomeOf(`tls://${host}:${broker.port}`, { ca })).toMatch(outcome)
    // What upgrades to TLS because of the certificate is checked in the same way.
    expect(await outcomeOf(`nats://${host}:${broker.port}`, { ca })).toMatch(outcome)
    await broker.close()
  })

  test('is asked for by its scheme, and so is one without TLS', async () => {
    makeCertificate(0)
    const [secure, plain] = await Promise.all([TestBroker.start(tlsLines()), TestBroker.start()])
    expect(await outcomeOf(`nats://127.0.0.1:${secure.port}`)).toMatch(/Write tls:\/\/ in place/)
    expect(await outcomeOf(`tls://127.0.0.1:${plain.port}`)).toMatch(/Write nats:\/\/ in place/)
    await Promise.all([secure.close(), plain.close()])
  })
})

describeWithBroker('a broker with passwords', () => {
  test('tells those who name no credentials from those whom it does not know', async () => {
    const broker = await TestBroker.start('authorization { user: ana, password: "right" }')
    const outcome = (credentials: Credentials) => outcomeOf(broker.address, credentials)
    expect(await outcome({})).toMatch(/wants to know who you are.*--credentials/)
    expect(await outcome({ user: 'ana', password: 'wrong' })).toMatch(/does not accept these/)
    expect(await outcome({ user: 'ana', password: 'right' })).toBe('accepted')
    await broker.close()
  })
})
