/** Real processes of `hiso worker` and `hiso run` that are killed, stopped and started again. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TestBroker } from '../core/testing/broker.ts'
import { describeWithBroker } from '../core/testing/describeWithBroker.ts'
import { hiso, HisoProcess } from './testing/hisoProcess.ts'

/**
 * A run plays for as long as its workers take to leave and to come, and then as many rounds again:
 * on a busy machine both take many times as long.
 */
const patienceMs = 600_000

let cwd: string
let broker: TestBroker

/** Plays until somebody stops it: workers take as long as they take to come. */
const start = (out: string, ...more: readonly string[]) =>
  new HisoProcess(cwd, ['run', 'study.yaml', '--out', out, '--json', ...more])
const worker = (name: string) =>
  new HisoProcess(cwd, ['worker', broker.address, '--workers', '1', '--name', name])

const recordOf = (out: string) =>
  JSON.parse(readFileSync(join(cwd, out, 'run.json'), 'utf8')) as {
    rounds: number
    stateHash: string
  }

/** Stops a run, and plays as many rounds again with nobody's help. */
async function endsUndisturbed(run: HisoProcess, out: string): Promise<void> {
  run.signal('SIGINT')
  const { code, stderr } = await run.drain()
  expect(code, stderr).toBe(130)
  const { rounds, stateHash } = recordOf(out)
  const alone = `${out}-alone`
  const played = await start(alone, '--set', `federation.rounds=${rounds}`).drain()
  expect(played.code, played.stderr).toBe(0)
  expect(recordOf(alone)).toMatchObject({ rounds, stateHash })
}

describeWithBroker('hiso worker and hiso run', () => {
  beforeAll(async () => {
    cwd = mkdtempSync(join(tmpdir(), 'hiso-cluster-cli-'))
    writeFileSync(
      join(cwd, 'study.yaml'),
      [
        'name: study',
        'task: { kind: quadratic, dim: 5000 }',
        'federation: { clients: 8, participants: 8, localSteps: 2, rounds: 1000000 }',
        'method: { name: hiso, perturbations: 6, learningRate: 0.001 }',
        'evaluation: { every: 1000 }',
      ].join('\n'),
    )
    broker = await TestBroker.start()
  })
  afterAll(async () => {
    await broker.close()
    rmSync(cwd, { recursive: true, force: true })
  })

  const cluster = () => ['--set', `compute.cluster=${broker.address}`]

  test(
    'end in the undisturbed bits when workers are killed and stopped, and come back',
    async () => {
      const first = worker('first')
      const second = worker('second')
      await first.lineWith('offers 1 worker')
      await second.lineWith('offers 1 worker')
      const run = start('disturbed', ...cluster())
      // Of one that hangs before it works, people read that it can't.
      await run.linesWith('first works for this run', 'second works for this run')
      first.signal('SIGKILL')
      await run.lineWith('first has left')
      second.signal('SIGSTOP')
      await run.lineWith('second has left')
      second.signal('SIGCONT')
      const third = worker('third')
      await run.lineWith('third works for this run')
      await endsUndisturbed(run, 'disturbed')
      for (const each of [second, third]) {
        each.signal('SIGTERM')
        expect((await each.drain()).code).toBe(143)
      }
    },
    patienceMs,
  )

  test(
    'go on without the broker, and use it again when it is back',
    async () => {
      const only = worker('only')
      await only.lineWith('offers 1 worker')
      const run = start('brokerless', ...cluster())
      await run.lineWith('only works for this run')
      await broker.kill()
      await run.lineWith('can’t be reached')
      await broker.start()
      await run.lineWith('is back')
      await endsUndisturbed(run, 'brokerless')
      only.signal('SIGTERM')
      await only.drain()
    },
    patienceMs,
  )

  test('say what to do about a broker that is not there, is none, or an address that is wrong', async () => {
    const silent = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    const port = await new Promise<number>((resolve) => {
      silent.listen(0, '127.0.0.1', () => resolve((silent.address() as { port: number }).port))
    })
    const cases: readonly (readonly [address: string, message: RegExp, code: number])[] = [
      ['nats://127.0.0.1:1', /BROKER_UNREACHABLE.*no broker listens.*Start nats-server/, 9],
      ['nats://no-such-host.invalid', /BROKER_UNREACHABLE.*no host of this name/, 9],
      [`nats://127.0.0.1:${port}`, /BROKER_UNREACHABLE.*nats-server/, 9],
      ['http://127.0.0.1', /must be nats:\/\/HOST or tls:\/\/HOST/, 9],
      [`tls://127.0.0.1:${broker.port}`, /BROKER_/, 9],
    ]
    for (const [address, message, code] of cases) {
      const finished = await hiso(cwd, 'worker', address)
      expect(finished.stderr).toMatch(message)
      expect(finished.code).toBe(code)
    }
    silent.close()
    const secret = await hiso(
      cwd,
      'run',
      'study.yaml',
      '--set',
      'compute.cluster=nats://me:hunter2@host',
    )
    expect(secret.code).toBe(2)
    expect(secret.stderr).toMatch(/credentials file.*HISO_CREDENTIALS/)
    const worked = await hiso(cwd, 'worker', 'nats://me:hunter2@host')
    expect(worked.stderr).not.toMatch(/hunter2/)
  })
})
