/** What a hub says of itself is foreign too. */
import { expect, it } from 'vitest'
import { memoryFiles, sha256 } from '../testing/memoryFiles.ts'
import { Cancellation } from './cancellation.ts'
import type { HubHost } from './hubHost.ts'
import { listRepository } from './listing.ts'

const settings = { endpoint: 'http://hub', token: undefined, isOffline: false }
const repository = { kind: 'model', id: 'owner/name', revision: 'main' } as const

function listingOf(siblings: readonly object[]) {
  const answer = new TextEncoder().encode(JSON.stringify({ sha: 'a'.repeat(40), siblings }))
  return listFrom(async function* () {
    yield answer
  })
}

function listFrom(body: () => AsyncIterable<Uint8Array>) {
  const host: HubHost = {
    files: memoryFiles(),
    hubSettings: async () => settings,
    get: async () => ({ status: 200, header: () => undefined, body: body(), close: () => {} }),
    openPartial: () => Promise.reject(new Error('nothing is downloaded here')),
    freeBytes: async () => undefined,
    digest: () => sha256(),
    now: () => 0,
    wait: async () => {},
  }
  return listRepository(repository, host, settings, new Cancellation())
}

it.each([-1, 1.5, 1e300])('a file of %d bytes makes it no listing of a hub', async (size) => {
  for (const file of [{ size }, { lfs: { size } }])
    await expect(listingOf([{ rfilename: 'a', ...file }])).rejects.toMatchObject({
      code: 'HUB_UNREACHABLE',
    })
})

it.each(['../a', 'a/../b', '/a', 'a//b', 'C:a', 'a\\b', 'a\0b', 'a\u001b[2J', '.', ''])(
  'a file called %j is not in the listing',
  async (rfilename) => {
    const others = { rfilename: 'model.onnx', size: 3 }
    const listing = await listingOf([others, { rfilename }]).catch(() => undefined)
    expect(listing?.files.map(({ name }) => name) ?? ['model.onnx']).toEqual(['model.onnx'])
  },
)

it('a listing without an end is left', async () => {
  const listing = listFrom(async function* () {
    for (;;) yield new Uint8Array(2 ** 20)
  })
  await expect(listing).rejects.toThrow(/longer than 32 MiB/)
})
