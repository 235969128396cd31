/** `hiso serve` and `hiso join` as people use them: invited, with TLS, killed and started again. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from '@nats-io/transport-node'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { encode } from '../core/wire/index.ts'
import { TestBroker } from '../core/testing/broker.ts'
import { describeWithBroker } from '../core/testing/describeWithBroker.ts'
import { hiso, HisoProcess } from './testing/hisoProcess.ts'

const names = ['ana', 'ben', 'cem'] as const

let cwd: string
let broker: TestBroker | undefined

const read = (...path: readonly string[]) => readFileSync(join(cwd, ...path), 'utf8')
const resultOf = (folder: string) =>
  JSON.parse(read(folder, 'run.json')) as { status: string; stateHash?: string }
/** The users that `--invite` wrote, for a broker on a port of its own. */
const usersIn = (folder: string) =>
  read(folder, 'invitations', 'broker.conf').replace(/^listen.*$/m, '')
const credentials = (folder: string, name: string) => [
  '--credentials',
  join(folder, 'invitations', `${name}.yaml`),
]
const joinAs = (address: string, name: string, ...more: readonly string[]) =>
  new HisoProcess(cwd, ['join', address, '--client', name, ...more])

/** For the broker, signed by an authority of the tests; fewer than 0 days have expired. */
function makeCertificate(days: number): void {
  const openssl = (...args: readonly string[]) =>
    execFileSync('openssl', args, { cwd, stdio: ['ignore', 'pipe', 'ignore'] })
  writeFileSync(join(cwd, 'names'), 'subjectAltName=IP:127.0.0.1,DNS:localhost')
  const key = ['-newkey', 'rsa:2048', '-nodes']
  const ca = ['-keyout', 'ca-key.pem', '-out', 'ca.pem', '-subj', '/CN=test']
  openssl('req', '-x509', ...key, '-days', '2', ...ca)
  openssl('req', ...key, '-subj', '/CN=localhost', '-keyout', 'key.pem', '-out', 'own.csr')
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca-key.pem', '-extfile', 'names', '-out', 'cert.pem']
  openssl('x509', '-req', '-in', 'own.csr', ...signed, '-days', String(days))
}

const tls = () =>
  `tls { cert_file: "${join(cwd, 'cert.pem')}", key_file: "${join(cwd, 'key.pem')}" }`

describeWithBroker('hiso serve and hiso join', () => {
  beforeAll(async () => {
    cwd = mkdtempSync(join(tmpdir(), 'hiso-federation-cli-'))
    writeFileSync(
      join(cwd, 'study.yaml'),
      [
        'name: study',
        'task: { kind: quadratic, dim: 60, heterogeneity: 0.2 }',
        'federation: { clients: 3, participants: 3, localSteps: 2, rounds: 300 }',
        'method: { name: hiso, perturbations: 3, learningRate: 0.001 }',
      ].join('\n'),
    )
    const { code, stderr } = await hiso(cwd, 'run', 'study.yaml', '--out', 'simulated')
    expect(code, stderr).toBe(0)
  })
  afterEach(async () => {
    await broker?.close()
    broker = undefined
  })
  afterAll(() => rmSync(cwd, { recursive: true, force: true }))

  const invite = (folder: string) =>
    hiso(cwd, 'serve', 'study.yaml', '--out', folder, '--invite', ...names)

  test('play the simulation over TLS with credentials that only their owners can read', async () => {
    expect(await invite('study')).toMatchObject({ code: 0 })
    makeCertificate(2)
    for (const name of [...names, 'server']) {
      const path = join(cwd, 'study', 'invitations', `${name}.yaml`)
      expect(statSync(path).mode & 0o077).toBe(0)
      const ca = read('ca.pem').replace(/^/gm, '  ')
      writeFileSync(path, `${readFileSync(path, 'utf8')}ca: |\n${ca}\n`)
    }
    broker = await TestBroker.start(`${tls()}\n${usersIn('study')}`)
    const address = `tls://127.0.0.1:${broker.port}`
    const server = new HisoProcess(cwd, [
      ...['serve', 'study.yaml', '--out', 'study', '--broker', address, '--json'],
      ...credentials('study', 'server'),
    ])
    const clients = names.map((name) => joinAs(address, name, ...credentials('study', name)))
    const served = await server.drain()
    expect(served.code, served.stderr).toBe(0)
    for (const client of clients) expect((await client.drain()).code).toBe(0)
    expect(resultOf('study').stateHash).toBe(resultOf('simulated').stateHash)
    // What a run folder holds may be given away.
    const passwords = names.map(
      (name) => /password: (\S+)/.exec(read('study', 'invitations', `${name}.yaml`))![1]!,
    )
    for (const file of ['config.yaml', 'run.json', 'clients.json', 'attendance.csv'])
      for (const password of passwords) expect(read('study', file)).not.toContain(password)
  })

  test('go on to the same bits when the server, a client and the broker are killed', async () => {
    broker = await TestBroker.start()
    const { address } = broker
    const serve = () =>
      new HisoProcess(cwd, [
        ...['serve', 'study.yaml', '--out', 'killed', '--broker', address, '--json'],
        ...['--start', '3', '--quorum', '3'],
      ])
    let server = serve()
    await server.lineWith('Waiting for clients')
    const clients: HisoProcess[] = []
    // In this order: without invitations the order of joining says which client each is.
    for (const name of names) {
      clients.push(joinAs(address, name))
      await server.lineWith(`${name} is here`)
    }
    await server.lineWith('"round":40')
    clients[1]!.signal('SIGKILL')
    await server.lineWith('ben has left')
    clients.push(joinAs(address, 'ben'))
    await server.lineWith('ben is here')
    await server.lineWith('"type":"roundCompleted"')
    server.signal('SIGKILL')
    await server.drain()
    server = serve()
    await server.lineWith('"type":"roundCompleted"')
    await broker.kill()
    await broker.start()
    const served = await server.drain()
    expect(served.code, served.stderr).toBe(0)
    expect(resultOf('killed').stateHash).toBe(resultOf('simulated').stateHash)
    for (const client of clients) await client.drain()
    expect((await hiso(cwd, 'replay', 'killed', '--verify')).code).toBe(0)
  })

  test('refuse a client whose classes have other names, or another order', async () => {
    broker = await TestBroker.start()
    const rows = (...labels: readonly [string, string]) =>
      `a,b,label\n${labels.flatMap((label, at) => [1, 2, 3].map((x) => `${x},${at},${label}\n`)).join('')}`
    writeFileSync(join(cwd, 'mails.csv'), rows('ham', 'spam'))
    writeFileSync(join(cwd, 'answers.csv'), rows('no', 'yes'))
    const server = new HisoProcess(cwd, [
      ...['serve', 'quickstart', '--out', 'named', '--broker', broker.address],
      ...['--set', 'task.dataset=mails.csv', '--set', 'task.model=softmax'],
      ...['--set', 'federation.clients=1', '--set', 'federation.participants=1'],
      ...['--set', 'federation.rounds=2', '--set', 'federation.batchSize=2'],
    ])
    await server.lineWith('Waiting for clients')
    const other = await joinAs(broker.address, 'ana', '--data', 'answers.csv').drain()
    expect(other.code).toBe(9)
    expect(other.stderr).toMatch(
      /output 0 of the model stands for the class ham in the federation, and for no in these data/,
    )
    const own = joinAs(broker.address, 'ana', '--data', 'mails.csv').drain()
    expect((await server.drain()).code).toBe(0)
    expect((await own).code).toBe(0)
  })

  test('say how to go on, and what a client’s data should look like', async () => {
    broker = await TestBroker.start()
    const { address } = broker
    const own = ['--set', 'federation.clients=2', '--set', 'federation.participants=2']
    const short = ['--set', 'federation.rounds=2', '--set', 'evaluation.samples=100']
    const first = new HisoProcess(cwd, [
      ...['serve', 'quickstart', '--out', 'on', '--broker', address, '--quorum', '2'],
      ...[...own, ...short],
    ])
    await first.lineWith('Waiting for clients')
    first.signal('SIGTERM')
    const stopped = await first.drain()
    const goOn = (text: string) => / {2}hiso (serve .*?)\.?\n/.exec(text)![1]!
    const refused = await hiso(cwd, 'resume', 'on')
    expect(refused.stderr).toMatch(/RUN_CHANGED: on: this run is a federation/)
    expect(goOn(refused.stderr)).toBe(goOn(stopped.stderr).replace('quickstart', 'on'))

    const server = new HisoProcess(cwd, goOn(refused.stderr).split(' '))
    await server.lineWith('Waiting for clients')
    writeFileSync(join(cwd, 'bad.csv'), 'a,b,label\n1,2,x\n2,1,y\n3,5,x\n4,4,y\n5,1,x\n6,2,y\n')
    const bad = await joinAs(address, 'ana', '--data', 'bad.csv').drain()
    expect(bad.stderr).toMatch(
      /learns from images of 28 × 28 pixels in 10 classes; these data are samples of 2 numbers in 2/,
    )
    const clients = [joinAs(address, 'ana', '--data', 'mnist'), joinAs(address, 'ben')]
    const stays = clients.map((client) => client.drain())
    const served = await server.drain()
    expect(served.code, served.stderr).toBe(0)
    expect(served.stdout.match(/Classes and the model.s outputs/g)).toHaveLength(1)
    const { stateHash } = resultOf('on')
    for (const { stdout } of await Promise.all(stays))
      expect(stdout).toContain(`2 answers; knows all 2 rounds; state after round 2: ${stateHash}`)
  })

  test('refuse wrong passwords, other subjects, strangers and expired certificates', async () => {
    expect(await invite('closed')).toMatchObject({ code: 0 })
    broker = await TestBroker.start(usersIn('closed'))
    const { address } = broker
    writeFileSync(join(cwd, 'wrong.yaml'), 'user: ana\npassword: nonsense\n')
    const wrong = await joinAs(address, 'ana', '--credentials', 'wrong.yaml').drain()
    expect(wrong).toMatchObject({ code: 9 })
    expect(wrong.stderr).toMatch(/BROKER_REFUSED.*does not accept.*credentials/)

    const path = join(cwd, 'closed', 'invitations', 'ana.yaml')
    const pass = /password: (\S+)/.exec(readFileSync(path, 'utf8'))![1]!
    const ana = await connect({ servers: [`127.0.0.1:${broker.port}`], user: 'ana', pass })
    const errors: string[] = []
    void (async () => {
      for await (const status of ana.status())
        if (status.type === 'error') errors.push(status.error.message)
    })()
    ana.publish(
      'hiso.federation.from.ben',
      encode({ type: 'hello', round: 0, fingerprint: new Uint8Array(32), protocol: 2 }),
    )
    await ana.flush()
    await expect.poll(() => errors.join()).toMatch(/permissions violation/i)
    await ana.close()

    await broker.close()
    makeCertificate(-1)
    broker = await TestBroker.start(`${tls()}\n${usersIn('closed')}`)
    const ca = read('ca.pem').replace(/^/gm, '  ')
    writeFileSync(join(cwd, 'tls.yaml'), `user: ana\npassword: ${pass}\nca: |\n${ca}\n`)
    const late = await joinAs(
      `tls://127.0.0.1:${broker.port}`,
      'ana',
      '--credentials',
      'tls.yaml',
    ).drain()
    expect(late.stderr).toMatch(/BROKER_REFUSED.*certificate has expired/)
  })

  test('say what is wrong with what can only be simulated, and with names and numbers', async () => {
    const cases: readonly (readonly [RegExp, ...string[]])[] = [
      [/sends whole models.*hiso or decomfl/, '--set', 'method.name=fedavg'],
      [/dropout is simulated/, '--set', 'federation.dropout=0.1'],
      [/where the message broker is.*--broker/],
      [/no number from 1 to 3/, '--broker', 'nats://127.0.0.1:1', '--quorum', '4'],
      [/no name for a client/, '--invite', 'a b'],
      [/has 3 clients, and these are 4 names/, '--invite', 'a', 'b', 'c', 'd'],
    ]
    for (const [message, ...args] of cases) {
      const { code, stderr } = await hiso(cwd, 'serve', 'study.yaml', '--out', 'bad', ...args)
      expect(stderr).toMatch(message)
      expect(code).toBe(2)
    }
    const { stderr } = await hiso(cwd, 'join', 'nats://127.0.0.1:1', '--client', 'ana')
    expect(stderr).toMatch(/BROKER_UNREACHABLE/)
  })
})
