/** The client against a port in the test's hands. */
import { describe, expect, test } from 'vitest'
import { HisoError } from '../../core/base/index.ts'
import type { EnginePortMessage, EnginePortRequest } from '../../electron/ipc/enginePort.ts'
import { requestEffects } from '../../core/engine/protocol/requestEffects.ts'
import { EngineClient, type ClientPort } from './engineClient.ts'

class TestPort implements ClientPort {
  onmessage: ClientPort['onmessage'] = null
  readonly sent: EnginePortRequest[] = []
  isClosed = false

  postMessage(message: EnginePortRequest): void {
    this.sent.push(structuredClone(message))
  }
  close(): void {
    this.isClosed = true
  }
  answer(message: EnginePortMessage): void {
    this.onmessage?.({ data: message })
  }
}

const machine = { cores: 2, memoryBytes: 1, environment: {} }

describe('the engine client', () => {
  test('sends what was asked before there was a port as soon as there is one', async () => {
    const client = new EngineClient()
    const port = new TestPort()
    const answer = client.request('describeMachine')
    expect(client.state).toBe('connecting')
    client.attach(port)
    expect(client.state).toBe('connected')
    expect(port.sent).toMatchObject([{ method: 'describeMachine' }])
    port.answer({ id: port.sent[0]!.id, result: machine })
    expect(await answer).toEqual(machine)
  })

  test('gives each answer to its own question, in whatever order they come', async () => {
    const client = new EngineClient()
    const port = new TestPort()
    client.attach(port)
    const first = client.request('listRuns', { library: 'a' })
    const second = client.request('listRuns', { library: 'b' })
    port.answer({ id: port.sent[1]!.id, result: ['second'] })
    port.answer({ id: port.sent[0]!.id, result: ['first'] })
    expect(await Promise.all([first, second])).toEqual([['first'], ['second']])
  })

  test('makes an error of a failure, with its code and remedy', async () => {
    const client = new EngineClient()
    const port = new TestPort()
    client.attach(port)
    const answer = client.request('readRun', { folder: '/gone' })
    const failure = {
      code: 'RUN_NOT_FOUND' as const,
      where: '/gone',
      what: 'no run',
      remedy: 'Look elsewhere',
    }
    port.answer({ id: port.sent[0]!.id, error: failure })
    const error = await answer.catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(HisoError)
    expect(error).toMatchObject(failure)
    expect((error as Error).message).toBe('/gone: no run. Look elsewhere')
  })

  test('after a restart asks again exactly what its effect allows', () => {
    for (const [method, effect] of Object.entries(requestEffects)) {
      const client = new EngineClient()
      const [first, second] = [new TestPort(), new TestPort()]
      client.attach(first)
      void client.request(method as 'readRun', { folder: 'a' }).catch(() => {})
      client.detach()
      client.attach(second)
      expect([method, second.sent.length]).toEqual([method, effect === 'acts' ? 0 : 1])
    }
  })

  test('after a restart asks again what only reads, and fails what acts', async () => {
    const client = new EngineClient()
    const [first, second] = [new TestPort(), new TestPort()]
    client.attach(first)
    const reading = client.request('listRuns', { library: 'a' })
    const acting = client.request('resumeRun', { folder: 'a' })
    client.detach()
    expect(client.state).toBe('lost')
    client.attach(second)
    expect(first.isClosed).toBe(true)
    expect(second.sent).toMatchObject([{ method: 'listRuns' }])
    await expect(acting).rejects.toThrow('the engine was restarted')
    second.answer({ id: second.sent[0]!.id, result: [] })
    expect(await reading).toEqual([])
  })

  test('what was asked while there was no engine is sent to the next one, whatever it is', () => {
    const client = new EngineClient()
    const [first, second] = [new TestPort(), new TestPort()]
    client.attach(first)
    client.detach()
    void client.request('resumeRun', { folder: 'a' }).catch(() => {})
    expect(first.sent).toEqual([])
    client.attach(second)
    expect(second.sent).toMatchObject([{ method: 'resumeRun' }])
  })

  test('passes events on in batches, until the listener has had enough', () => {
    const client = new EngineClient()
    const port = new TestPort()
    client.attach(port)
    const heard: number[] = []
    const stop = client.listen((events) => heard.push(events.length))
    const event = { folder: 'a', event: { type: 'noticed', text: 'x' } } as const
    port.answer({ events: [event, event] })
    stop()
    port.answer({ events: [event] })
    expect(heard).toEqual([2])
  })
})
