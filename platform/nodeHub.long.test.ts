/**
 * Downloads against a hub on this machine: whole, cut, wrong, refused, offline, and with a full
 * disk.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  answerQuestion,
  downloadFromHub,
  Engine,
  type DownloadRequest,
  type EngineEvent,
  type Quarantine,
  type QuestionName,
} from '../core/engine/index.ts'
import { Cancellation, type DownloadProgress, type HubHost } from '../core/hub/index.ts'
import { smallModel } from '../core/testing/smallModel.ts'
import {
  commitOf,
  startHubServer,
  type HubRepository,
  type HubServer,
} from '../core/testing/hubServer.ts'
import type { HisoError } from '../core/base/index.ts'
import { memoryEngineHost } from '../core/testing/engineHost.ts'
import { createNodeFiles } from './nodeFiles.ts'
import { createNodeHub } from './nodeHub.ts'

const text = (content: string) => new TextEncoder().encode(content)
/** Large enough to come in several pieces. */
const large = Uint8Array.from({ length: 300_000 }, (_, i) => (37 * i + (i >> 8)) % 251)

const model: HubRepository = {
  kind: 'model',
  id: 'someone/decoder',
  files: {
    'README.md': text('# not needed'),
    'config.json': text('{}'),
    'tokenizer.json': text('{"model": {}}'),
    'pytorch_model.bin': large,
    'onnx/model.onnx': smallModel(),
    'onnx/model.onnx_data': large,
    'onnx/model_q4.onnx': large,
  },
  stored: ['onnx/model.onnx', 'onnx/model.onnx_data', 'pytorch_model.bin'],
}
const texts: HubRepository = {
  kind: 'dataset',
  id: 'someone/texts',
  files: {
    'data/train-00000-of-00002.csv': text('text,label\na,0\n'),
    'data/train-00001-of-00002.csv': text('text,label\nb,1\n'),
    'data/validation-00000-of-00001.csv': text('text,label\nc,1\n'),
    'data/test-00000-of-00001.csv': text('text,label\nd,-1\n'),
  },
}
const wanted = ['config.json', 'tokenizer.json', 'onnx/model.onnx', 'onnx/model.onnx_data']

let home: string
let server: HubServer
let waits: number[]

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'hiso-hub-'))
  server = await startHubServer([model, texts])
  waits = []
})
afterEach(async () => {
  await server.close()
  rmSync(home, { recursive: true })
})

const hubWith = (env: Readonly<Record<string, string>> = {}, more: Partial<HubHost> = {}) => {
  const files = createNodeFiles('resources', join(home, 'hub'))
  const own = createNodeHub(files, { HF_ENDPOINT: server.endpoint, HF_HOME: home, ...env })
  const hub = { ...own, wait: async (ms: number) => void waits.push(ms), ...more }
  const quarantine: Quarantine = {
    isElsewhere: false,
    ask: (name, question) =>
      answerQuestion(name as QuestionName, question as never, { ...memoryEngineHost(), files }),
  }
  return { hub, files, quarantine }
}

interface Watched {
  readonly progressed?: (progress: DownloadProgress) => void
  readonly cancellation?: Cancellation
}
const fetchFrom = (
  host: ReturnType<typeof hubWith>,
  request: DownloadRequest = { kind: 'model', id: model.id },
  { progressed = () => {}, cancellation = new Cancellation() }: Watched = {},
) => downloadFromHub(request, host, { progressed, cancellation })

const snapshotOf = (repository: HubRepository) =>
  join(
    home,
    'hub',
    `${repository.kind}s--${repository.id.replace('/', '--')}`,
    'snapshots',
    commitOf(repository),
  )
const read = (name: string) => new Uint8Array(readFileSync(join(snapshotOf(model), name)))
const partialOf = (content: Uint8Array) =>
  join(
    dirname(dirname(snapshotOf(model))),
    'blobs',
    `${createHash('sha256').update(content).digest('hex')}.incomplete`,
  )
const requestsFor = (name: string) =>
  server.requests.filter(({ path }) => path.endsWith(`/${name}`))
const storageRequests = (name: string) => requestsFor(name).filter((it) => it.isStorage)

describe('a model is downloaded', () => {
  it('as the files that are needed, under their names, where Hugging Face’s programs look for them', async () => {
    const seen: DownloadProgress[] = []
    const found = await fetchFrom(hubWith(), undefined, { progressed: (it) => seen.push(it) })
    expect(found).toMatchObject({
      reference: 'hf:someone/decoder',
      isCancelled: false,
      notices: [],
    })
    expect([...found.files].sort()).toEqual([...wanted].sort())
    for (const name of wanted) expect(read(name)).toEqual(model.files[name])
    expect(existsSync(join(snapshotOf(model), 'pytorch_model.bin'))).toBe(false)
    const ref = join(snapshotOf(model), '..', '..', 'refs', 'main')
    expect(readFileSync(ref, 'utf8')).toBe(commitOf(model))
    const total = wanted.reduce((sum, name) => sum + model.files[name]!.length, 0)
    expect(found.bytes).toBe(total)
    expect(seen.at(-1)).toMatchObject({ bytes: total, totalBytes: total })
    expect(seen.every((it, at) => at === 0 || it.bytes >= seen[at - 1]!.bytes)).toBe(true)
  })

  it('once: what is there is not fetched again', async () => {
    await fetchFrom(hubWith())
    const before = server.requests.length
    await fetchFrom(hubWith())
    expect(server.requests.slice(before).map(({ path }) => path)).toEqual([
      expect.stringMatching(/^\/api\//),
    ])
  })

  it('from where a cut connection stopped, without being asked again', async () => {
    let hear = () => {}
    const heard = new Promise<void>((resolve) => (hear = resolve))
    server.accidents.set('onnx/model.onnx_data', [{ kind: 'cut', afterBytes: 100_000, heard }])
    const host = hubWith()
    const openPartial = async (path: string) => {
      const file = await host.hub.openPartial(path)
      const append = file.append.bind(file)
      file.append = (bytes) => {
        append(bytes)
        if (path === partialOf(large)) hear()
      }
      return file
    }
    await fetchFrom({ ...host, hub: { ...host.hub, openPartial } })
    expect(read('onnx/model.onnx_data')).toEqual(large)
    const [first, second] = storageRequests('onnx/model.onnx_data')
    expect(first!.headers['range']).toBeUndefined()
    expect(Number(/^bytes=(\d+)-$/.exec(second!.headers['range']!)![1])).toBeGreaterThan(0)
    expect(waits).toEqual([1000])
  })

  it('from where a process that has died stopped', async () => {
    const partial = partialOf(large)
    mkdirSync(dirname(partial), { recursive: true })
    writeFileSync(partial, large.subarray(0, 123_456))
    await fetchFrom(hubWith())
    expect(read('onnx/model.onnx_data')).toEqual(large)
    expect(storageRequests('onnx/model.onnx_data')[0]!.headers['range']).toBe('bytes=123456-')
    expect(existsSync(partial)).toBe(false)
  })

  it('whole, where the part that is there turns out to be of another file', async () => {
    const partial = partialOf(large)
    mkdirSync(dirname(partial), { recursive: true })
    writeFileSync(partial, new Uint8Array(1000))
    await fetchFrom(hubWith())
    expect(read('onnx/model.onnx_data')).toEqual(large)
    expect(storageRequests('onnx/model.onnx_data')).toHaveLength(2)
  })

  it('with a token for the hub, which the storage behind it never sees', async () => {
    await server.close()
    server = await startHubServer([model], 'hf_secret')
    await expect(fetchFrom(hubWith())).rejects.toMatchObject({ code: 'HUB_NOT_FOUND' })
    await fetchFrom(hubWith({ HF_TOKEN: 'hf_secret' }))
    const asked = storageRequests('onnx/model.onnx')
    expect(asked).toHaveLength(1)
    expect(asked[0]!.headers['authorization']).toBeUndefined()
  })

  it('until somebody cancels it; what has come is kept', async () => {
    const cancellation = new Cancellation()
    const host = hubWith()
    const stopAtData = ({ file }: DownloadProgress) => {
      if (file === 'onnx/model.onnx_data') cancellation.cancel()
    }
    const found = await fetchFrom(host, undefined, { progressed: stopAtData, cancellation })
    expect(found.isCancelled).toBe(true)
    expect(existsSync(join(snapshotOf(model), '..', '..', 'refs'))).toBe(false)
    expect((await fetchFrom(host)).isCancelled).toBe(false)
    expect(read('onnx/model.onnx_data')).toEqual(large)
  })
})

describe('a download that goes wrong says why, and leaves nothing wrong behind', () => {
  it('content that is not what the hub lists is thrown away', async () => {
    server.accidents.set('onnx/model.onnx', [{ kind: 'changed' }])
    await expect(fetchFrom(hubWith())).rejects.toThrow(/onnx\/model\.onnx: .*checksum/)
    expect(existsSync(join(snapshotOf(model), 'onnx', 'model.onnx'))).toBe(false)
    await fetchFrom(hubWith())
    expect(read('onnx/model.onnx')).toEqual(model.files['onnx/model.onnx'])
  })

  it('a line that brings nothing again and again is given up, with longer and longer waits', async () => {
    const cuts = Array.from({ length: 9 }, () => ({ kind: 'cut', afterBytes: 0 }) as const)
    server.accidents.set('tokenizer.json', cuts)
    await expect(fetchFrom(hubWith())).rejects.toMatchObject({ code: 'HUB_UNREACHABLE' })
    expect(waits).toEqual([1000, 2000, 4000])
  })

  it.each([
    [{ kind: 'status', status: 403, reason: 'GatedRepo' }, 'HUB_REFUSED', /conditions.*HF_TOKEN/],
    [{ kind: 'status', status: 401 }, 'HUB_REFUSED', /HF_TOKEN/],
    [{ kind: 'status', status: 429 }, 'HUB_UNREACHABLE', /too many requests/],
    [{ kind: 'status', status: 502 }, 'HUB_UNREACHABLE', /status 502/],
  ] as const)('%o', async (accident, code, message) => {
    server.accidents.set('api', [accident])
    const refused = fetchFrom(hubWith())
    await expect(refused).rejects.toMatchObject({ code })
    await expect(refused).rejects.toThrow(message)
  })

  it('an id that is nowhere, or that is none', async () => {
    const none = fetchFrom(hubWith(), { kind: 'model', id: 'nobody/nothing' })
    await expect(none).rejects.toMatchObject({ code: 'HUB_NOT_FOUND' })
    const bad = async (id: string) => fetchFrom(hubWith(), { kind: 'model', id })
    await expect(bad('../../etc')).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
    await expect(bad('decoder')).rejects.toThrow(/owner\/name/)
  })

  it('without a network, and with HF_HUB_OFFLINE', async () => {
    await expect(fetchFrom(hubWith({ HF_HUB_OFFLINE: '1' }))).rejects.toThrow(
      /HF_HUB_OFFLINE is set.*opt-mail/,
    )
    expect(server.requests).toEqual([])
    // A port on which nobody listens, and that no test beside this one can be given.
    const alone = fetchFrom(hubWith({ HF_ENDPOINT: 'http://127.0.0.1:1021' }))
    await expect(alone).rejects.toMatchObject({ code: 'HUB_UNREACHABLE' })
    await expect(alone).rejects.toThrow(
      /127\.0\.0\.1:\d+: it can't be reached.*come with the program/,
    )
  })

  it('a disk that is too small is told before anything is fetched', async () => {
    const tight = hubWith({}, { freeBytes: async () => 1000 })
    await expect(fetchFrom(tight)).rejects.toThrow(/takes 1 MB.*has 1 MB left.*HF_HUB_CACHE/)
    expect(requestsFor('config.json')).toEqual([])
  })

  it.runIf(existsSync('/dev/full'))('a disk that fills up on the way', async () => {
    const partial = partialOf(large)
    mkdirSync(dirname(partial), { recursive: true })
    symlinkSync('/dev/full', partial)
    const full = fetchFrom(hubWith())
    await expect(full).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' })
    await expect(full).rejects.toThrow(/no space left on device.*HF_HUB_CACHE.*where it stopped/)
    rmSync(partial)
    await fetchFrom(hubWith())
    expect(read('onnx/model.onnx_data')).toEqual(large)
  })

  it('a model that is none, with advice that leads out', async () => {
    await server.close()
    const page = { ...model, files: { ...model.files, 'onnx/model.onnx': text('<html>') } }
    server = await startHubServer([page])
    const refused = await fetchFrom(hubWith()).catch((error: unknown) => error as HisoError)
    expect(refused).toMatchObject({
      code: 'MODEL_INVALID',
      where: 'model someone/decoder, onnx/model.onnx',
    })
    const [, path] = /delete (\S+) and/.exec((refused as HisoError).remedy!)!
    rmSync(path!)
    await server.close()
    server = await startHubServer([model])
    await fetchFrom(hubWith())
    expect(read('onnx/model.onnx')).toEqual(model.files['onnx/model.onnx'])
  })

  it.each([
    ['huggingface.co', '"huggingface.co" is not the address of a hub'],
    ['file:///etc', '"file:///etc" is not the address'],
    ['https://user:word@hub', '"https://…@hub" is not the address'],
  ])('HF_ENDPOINT=%s', async (HF_ENDPOINT, said) => {
    await expect(fetchFrom(hubWith({ HF_ENDPOINT }))).rejects.toThrow(said)
  })

  it('a token that is none is not shown', async () => {
    const refused = fetchFrom(hubWith({ HF_TOKEN: 'hf_secret\nhf_other' }))
    await expect(refused).rejects.toMatchObject({ code: 'HUB_REFUSED', where: 'HF_TOKEN' })
    await expect(refused).rejects.not.toThrow(/secret/)
  })

  it.skipIf(process.platform === 'win32')(
    'pipes where files belong are not waited for',
    async () => {
      execFileSync('mkfifo', [join(home, 'token')])
      mkdirSync(dirname(partialOf(large)), { recursive: true })
      execFileSync('mkfifo', [partialOf(large)])
      await expect(fetchFrom(hubWith())).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' })
    },
  )

  it('two downloads of the same thing at once', async () => {
    const host = hubWith()
    const folder = await host.files.take(join(home, 'hub', 'models--someone--decoder'))
    await expect(fetchFrom(host)).rejects.toThrow(/another process is downloading it/)
    await folder.release()
    await fetchFrom(host)
  })
})

describe('a dataset', () => {
  it('comes with its training rows and those that have labels to test with', async () => {
    const found = await fetchFrom(hubWith(), { kind: 'dataset', id: texts.id })
    expect(found.reference).toBe('hf:someone/texts/data')
    expect(found.path).toBe(join(snapshotOf(texts), 'data'))
    expect(found.files).toEqual([
      'data/train-00000-of-00002.csv',
      'data/train-00001-of-00002.csv',
      'data/validation-00000-of-00001.csv',
    ])
  })

  it('that a script makes comes from the branch where the hub keeps its rows', async () => {
    await server.close()
    const files = { 'default/train/0000.parquet': large, 'default/test/0000.parquet': large }
    const script = { ...texts, files: { 'texts.py': text('') } }
    server = await startHubServer([script, { ...texts, revision: 'refs/convert/parquet', files }])
    const found = await fetchFrom(hubWith(), { kind: 'dataset', id: texts.id })
    expect(found.reference).toBe('hf:someone/texts@~parquet/default')
  })
})

describe('the engine', () => {
  it('tells how far a download is, and cancels it', async () => {
    const { hub, files, quarantine } = hubWith()
    const told: EngineEvent[] = []
    const engine = new Engine({ ...memoryEngineHost(), hub, files, quarantine }, (event) => {
      told.push(event)
      void engine.request('cancelDownload', { kind: 'model', id: model.id })
    })
    const request = { kind: 'model', id: model.id } as const
    expect(await engine.request('downloadFromHub', request)).toMatchObject({ isCancelled: true })
    expect(told[0]).toMatchObject({ download: request, progress: { file: 'config.json' } })
    const again = new Engine({ ...memoryEngineHost(), hub, files, quarantine }, () => {})
    expect(await again.request('downloadFromHub', request)).toMatchObject({ isCancelled: false })
  })
})
