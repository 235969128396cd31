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
import { connectBroker } from './broker.ts'

const connecting = (address: string, ca?: string) =>
  connectBroker(address, { name: 'test', credentials: ca === undefined ? {} : { ca } })

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

  test('a port that says nothing, as a web server does, is given up after 5 s', async () => {
    const error = await saidOf(() => {})
    expect(error).toMatchObject({
      code: 'BROKER_UNREACHABLE',
      what: expect.stringContaining('speaks another protocol'),
    })
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
    const key = ['-newkey', 'rsa:2048', '-nodes']
    openssl('req', '-x509', ...key, '-keyout', 'ca-key.pem', '-out', 'ca.pem', '-subj', '/CN=test')
    openssl('req', ...key, '-keyout', 'key.pem', '-out', 'own.csr', '-subj', '/CN=localhost')
    openssl(
      ...['ca', '-batch', '-config', 'ca.cnf', '-cert', 'ca.pem', '-keyfile', 'ca-key.pem'],
      ...['-in', 'own.csr', '-out', 'cert.pem', '-extfile', 'names', '-notext'],
      ...['-startdate', at(daysFromNow - 0.5), '-enddate', at(daysFromNow + 0.5)],
    )
    return readFileSync(join(folder, 'ca.pem'), 'utf8')
  }

  test.each([
    ['whose clock is a day ahead', 1, undefined, /not valid yet: the clock of this machine/],
    ['whose certificate expired a day ago', -1, undefined, /has expired, or the clock/],
    ['of another host name', 0, 'DNS:elsewhere.example.org', /another host name/],
  ])('%s is refused with what to do', async (_, days, subject, said) => {
    const ca = makeCertificate(days, subject)
    const files = `cert_file: "${join(folder, 'cert.pem')}", key_file: "${join(folder, 'key.pem')}"`
    const broker = await TestBroker.start(`tls { ${files} }`)
    await expect(connecting(`tls://127.0.0.1:${broker.port}`, ca)).rejects.toMatchObject({
      code: 'BROKER_REFUSED',
      what: expect.stringMatching(said),
      remedy: expect.stringMatching(/./),
    })
    await broker.close()
  })
})
