/** A hub that sends its askers elsewhere, in drops, or round and round. */
import { expect, it } from 'vitest'
import { memoryFiles, sha256 } from '../testing/memoryFiles.ts'
import { Cancellation } from './cancellation.ts'
import { fetchFile } from './fetchFile.ts'
import type { HttpAnswer, HubHost, PartialFile } from './hubHost.ts'
import { hubRequest } from './hubRequest.ts'
import { listRepository } from './listing.ts'

type Answers = (url: string, headers: Readonly<Record<string, string>>) => Partial<HttpAnswer>

/** @param stepMs what the clock moves by whenever it is read */
function hubWith(answers: Answers, stepMs = 0) {
  let ms = 0
  let requests = 0
  const partial = new MemoryPartial()
  const host: HubHost = {
    files: memoryFiles(),
    hubSettings: async () => settings('http://hub'),
    get: async (url, headers) => {
      if (++requests > 100) throw new Error('it asks for ever')
      return {
        status: 200,
        header: () => undefined,
        body: bytes(),
        close() {},
        ...answers(url, headers),
      }
    },
    openPartial: async () => partial,
    freeBytes: async () => undefined,
    digest: () => sha256(),
    now: () => (ms += stepMs),
    wait: async () => {},
  }
  return { host, partial, requests: () => requests }
}

class MemoryPartial implements PartialFile {
  length = 0
  async *content(): AsyncGenerator<Uint8Array> {}
  append(part: Uint8Array): void {
    this.length += part.length
  }
  clear(): void {
    this.length = 0
  }
  async finish(): Promise<void> {}
  close(): void {}
}

const settings = (endpoint: string) => ({ endpoint, token: 'secret', isOffline: false })
async function* bytes(...parts: readonly number[]): AsyncGenerator<Uint8Array> {
  for (const length of parts) yield new Uint8Array(length)
}
const redirectTo =
  (location: string): Answers =>
  (url) =>
    url.includes('/start') ? { status: 302, header: () => location } : {}
const asking = (endpoint: string, answers: Answers) =>
  hubRequest(
    `${endpoint}/start`,
    {},
    {
      host: hubWith(answers).host,
      settings: settings(endpoint),
      cancellation: new Cancellation(),
      subject: 'model a/b',
    },
  )

it.each([
  ...[
    'http://localhost/',
    'http://a.localhost:80/',
    'http://127.0.0.1/',
    'http://127.1/',
    'http://0/',
  ],
  ...['http://2130706433/', 'http://0x7f000001/', 'http://[::1]:8000/', 'http://[::ffff:7f00:1]/'],
  ...[
    'http://169.254.169.254/latest',
    'http://[fe80::1]/',
    'http://user@127.0.0.1/',
    'http://0177.0.0.1/',
  ],
])('a hub elsewhere leads nobody to %s', async (location) => {
  const refused = asking('http://hub.example', redirectTo(location))
  await expect(refused).rejects.toThrow(/redirects to an address of this machine/)
})

it.each([
  ['http://hub.example', 'http://10.0.0.5:9000/'],
  ['http://hub.example', 'https://cdn.example/'],
  ['http://hub.example', '/elsewhere'],
  ['http://127.0.0.1:8000', 'http://127.0.0.1:9000/'],
])('a redirect from %s to %s is followed', async (endpoint, location) => {
  await expect(asking(endpoint, redirectTo(location))).resolves.toMatchObject({ status: 200 })
})

it('an encrypted line is not left', async () => {
  const refused = asking('https://hub.example', redirectTo('http://cdn.example/'))
  await expect(refused).rejects.toThrow(/from an encrypted line to an open one/)
})

it('a listing that comes in drops is given up', async () => {
  const { host } = hubWith(() => ({ body: bytes(...Array.from({ length: 50 }, () => 1)) }), 10_000)
  const repository = { kind: 'model', id: 'a/b', revision: 'main' } as const
  await expect(
    listRepository(repository, host, settings('http://hub'), new Cancellation()),
  ).rejects.toThrow(/has taken 120 seconds, and is not complete/)
})

const fetching = (answers: Answers, file: { readonly bytes: number | undefined }) => {
  const hub = hubWith(answers)
  const context = {
    host: hub.host,
    settings: settings('http://hub'),
    cancellation: new Cancellation(),
    subject: 'model a/b',
  }
  const options = { url: 'http://hub/f', partial: 'p', target: 't', arrived: () => {} }
  const checksum = { kind: 'sha256', hex: 'a'.repeat(64) } as const
  return { ...hub, done: fetchFile({ name: 'f', checksum, ...file }, options, context) }
}

it('a hub that sends a piece, then another one than was asked for, is given up', async () => {
  const { done, requests } = fetching(
    (_, { range }) =>
      range === undefined
        ? { body: bytes(5) }
        : { status: 206, header: () => 'bytes 0-3/12', body: bytes(4) },
    { bytes: 12 },
  )
  await expect(done).rejects.toThrow(/another part than the requested one/)
  expect(requests()).toBeLessThan(10)
})

it('a file whose length nobody tells ends somewhere', async () => {
  const endless = async function* () {
    for (const part = new Uint8Array(2 ** 26); ;) yield part
  }
  const { done, partial } = fetching(() => ({ body: endless() }), { bytes: undefined })
  await expect(done).rejects.toMatchObject({ code: 'HUB_CORRUPT' })
  expect(partial.length).toBe(0)
})
