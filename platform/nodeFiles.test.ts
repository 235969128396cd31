import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Folder } from '../core/base/index.ts'
import { makeFolder } from './makeFolder.ts'
import { writeInvitations } from './nats/index.ts'
import { createNodeFiles } from './nodeFiles.ts'

const files = createNodeFiles('resources')
const bytes = (text: string) => new TextEncoder().encode(text)
let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'hiso-files-'))))
afterEach(() => rmSync(folder, { recursive: true }))

describe('a folder taken for writing', () => {
  test('is refused to a second taker until it is released', async () => {
    const first = await files.take(folder)
    await expect(files.take(folder)).rejects.toMatchObject({
      code: 'RUN_LOCKED',
      // The holder lives here: no file is to be deleted.
      remedy: 'Wait until it is done, or stop it',
    })
    expect(await files.isTaken(folder)).toBe(true)
    await first.release()
    expect(await files.isTaken(folder)).toBe(false)
    await (await files.take(folder)).release()
  })

  test('is free again when its holder was killed', async () => {
    const holder = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    const lock = (pid: number) =>
      writeFileSync(join(folder, '.lock'), JSON.stringify({ pid, host: hostname() }))
    lock(holder.pid!)
    await expect(files.take(folder)).rejects.toThrow(
      new RegExp(`process ${holder.pid} is working on this run`),
    )
    holder.kill('SIGKILL')
    await once(holder, 'exit')
    await (await files.take(folder)).release()
  })

  test.runIf(process.platform === 'linux')(
    'is free when its holder has ended and its parent has not asked how',
    async () => {
      const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 1000'])
      const pid = Number(String(((await once(parent.stdout, 'data')) as [Buffer])[0]))
      const fields = () => readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')
      await expect.poll(() => fields()[2]).toBe('Z')
      const lock = { pid, host: hostname(), started: fields()[21] }
      writeFileSync(join(folder, '.lock'), JSON.stringify(lock))
      await (await files.take(folder)).release()
      parent.kill()
    },
  )

  test('is free when the process id now belongs to a later process', async () => {
    const lock = { pid: process.pid, host: hostname(), started: 'long ago' }
    writeFileSync(join(folder, '.lock'), JSON.stringify(lock))
    await (await files.take(folder)).release()
  })

  test('that many try to take over from a dead holder is taken by one', async () => {
    writeFileSync(join(folder, '.lock'), JSON.stringify({ pid: 2 ** 22 + 1, host: hostname() }))
    const takers = await Promise.allSettled(Array.from({ length: 20 }, () => files.take(folder)))
    const [taken, ...others] = takers.filter(({ status }) => status === 'fulfilled')
    expect(others).toEqual([])
    for (const taker of takers.filter((it) => it.status === 'rejected'))
      expect(taker.reason).toMatchObject({ code: 'RUN_LOCKED' })
    await (taken as PromiseFulfilledResult<Folder>).value.release()
  })

  test.runIf(process.platform === 'linux')(
    'stays taken while its holder lives, though somebody removed its lock file',
    async () => {
      const first = await files.take(folder)
      rmSync(join(folder, '.lock'))
      await expect(files.take(folder)).rejects.toMatchObject({ code: 'RUN_LOCKED' })
      await first.release()
    },
  )

  test.each([
    ['nothing', ''],
    ['something else', '[1, 2]'],
    ['more than a lock', ' '.repeat(10_000)],
  ])('a lock file that holds %s holds nobody off', async (_name, text) => {
    writeFileSync(join(folder, '.lock'), text)
    await (await files.take(folder)).release()
  })

  test.skipIf(process.platform === 'win32')('leaves nothing where it can’t be locked', async () => {
    // The longest path that a folder can have leaves none for a file in it.
    const start = join(folder, 'deep')
    const most = 4090 - start.length
    const parts = Array.from({ length: 15 }, () => 'x'.repeat(250))
    const last = 'y'.repeat(most - 15 * 251 - 1)
    const deep = [start, ...parts, last].join('/')
    await expect(files.take(deep)).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' })
    expect(existsSync(deep)).toBe(false)
    expect(existsSync([start, ...parts].join('/'))).toBe(true)
  })

  test('is not taken from a holder on another machine', async () => {
    writeFileSync(join(folder, '.lock'), JSON.stringify({ pid: 1, host: 'elsewhere' }))
    await expect(files.take(folder)).rejects.toThrow(/on elsewhere/)
  })

  test('a file is appended to behind what is kept of it', async () => {
    const taken = await files.take(folder)
    writeFileSync(join(folder, 'log'), 'whole torn')
    const appender = await taken.appendTo('log', 6)
    appender.append(bytes('more'))
    await appender.close()
    expect(readFileSync(join(folder, 'log'), 'utf8')).toBe('whole more')
    await taken.release()
  })

  test('a file is replaced without a trace of the way there', async () => {
    const taken = await files.take(folder)
    await taken.write('run.json', bytes('old'))
    await taken.write('run.json', bytes('new'))
    expect(readFileSync(join(folder, 'run.json'), 'utf8')).toBe('new')
    await taken.release()
    expect(readdirSync(folder)).toEqual(['run.json'])
  })
})

describe('what cannot be written or read', () => {
  test('a folder below a file says so, and where', async () => {
    writeFileSync(join(folder, 'file'), '')
    await expect(files.take(join(folder, 'file', 'run'))).rejects.toMatchObject({
      code: 'FILE_UNWRITABLE',
      where: join(folder, 'file', 'run'),
    })
  })

  test.skipIf(!existsSync('/dev/full'))('a full disk says so, and what to do', async () => {
    await expect(files.write('/dev/full', bytes('x'))).rejects.toThrow(
      /dev\/full: it can't be written \(no space left on device\).*make room/,
    )
    expect(lstatSync('/dev/full').isCharacterDevice()).toBe(true)
  })

  test.skipIf(process.platform === 'win32')('every refusal says what leads out', async () => {
    writeFileSync(join(folder, 'file'), '')
    symlinkSync('nowhere/at/all', join(folder, 'broken'))
    symlinkSync('round', join(folder, 'round'))
    for (const name of ['file', 'broken'])
      await expect(files.take(join(folder, name))).rejects.toThrow(/stands there: choose another/)
    expect(() => makeFolder(join(folder, 'file', 'a'))).toThrow(/A part of its path is a file/)
    await expect(files.read(folder)).rejects.toThrow(/folder stands where a file belongs/)
    await expect(files.read(join(folder, 'round'))).rejects.toThrow(/leads back to itself/)
  })

  test('broken gzip and missing files are named', async () => {
    await expect(files.gunzip(bytes('nothing of the kind'))).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
    })
    await expect(files.read(join(folder, 'none'))).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
      where: join(folder, 'none'),
    })
  })
})

describe.skipIf(process.platform === 'win32')('what is no regular file', () => {
  const at = (name: string) => join(folder, name)
  const pipe = (name: string) => void execFileSync('mkfifo', [at(name)])
  const others: readonly [string, () => void][] = [
    ['a pipe', () => pipe('there')],
    ['a device', () => symlinkSync('/dev/zero', at('there'))],
  ]

  test.each(others)('%s is refused at once where a file is read', async (_name, make) => {
    make()
    for (const read of [
      () => files.read(at('there')),
      () => files.size(at('there')),
      () => files.part(at('there'), 0, 1),
      () => files.own(folder).read('there'),
      async () => {
        for await (const _piece of files.pieces(at('there'))) break
      },
    ])
      await expect(read()).rejects.toMatchObject({ code: 'FILE_UNREADABLE', where: at('there') })
  })

  test('a link is followed where a person names it, and refused among the files of a folder', async () => {
    writeFileSync(at('outside'), 'mine')
    const run = at('run')
    const taken = await files.take(run)
    symlinkSync(at('outside'), join(run, 'replies.log'))
    expect(await files.read(join(run, 'replies.log'))).toEqual(bytes('mine'))
    await expect(taken.read('replies.log')).rejects.toThrow(/link/)
    await expect(taken.appendTo('replies.log', 0)).rejects.toThrow(/link/)
    pipe('run/pipe')
    await expect(taken.appendTo('pipe', 0)).rejects.toThrow(/no regular file/)
    expect(readFileSync(at('outside'), 'utf8')).toBe('mine')
    await taken.release()
  })

  test('a link in the place of a file of a folder’s own is replaced, whoever plays the run', async () => {
    const mine = join(folder, 'mine')
    writeFileSync(mine, 'precious')
    const run = join(folder, 'run')
    mkdirSync(run)
    symlinkSync(mine, join(run, 'notes.json'))
    await files.writeOwn(run, 'notes.json', bytes('{}'))
    expect(readFileSync(mine, 'utf8')).toBe('precious')
    expect(readFileSync(join(run, 'notes.json'), 'utf8')).toBe('{}')
    expect(readdirSync(run)).toEqual(['notes.json'])
  })

  test('invitations are not written through links', () => {
    const mine = join(folder, 'mine')
    writeFileSync(mine, 'precious')
    const own = join(folder, 'invitations')
    mkdirSync(own)
    for (const name of ['broker.conf', 'server.yaml', 'ann.yaml'])
      symlinkSync(mine, join(own, name))
    writeInvitations(folder, ['ann'])
    expect(readFileSync(mine, 'utf8')).toBe('precious')
    expect(readFileSync(join(own, 'ann.yaml'), 'utf8')).toContain('user: ann')
  })

  test('a link in the place of a file that is replaced, or of its draft, is not written through', async () => {
    writeFileSync(at('outside'), 'mine')
    const run = at('run')
    const taken = await files.take(run)
    for (const name of ['run.json', 'run.json.new']) symlinkSync(at('outside'), join(run, name))
    await taken.write('run.json', bytes('ours'))
    expect(readFileSync(at('outside'), 'utf8')).toBe('mine')
    expect(lstatSync(join(run, 'run.json')).isFile()).toBe(true)
    expect(readFileSync(join(run, 'run.json'), 'utf8')).toBe('ours')
    await taken.release()
  })

  test('what is exported to a link goes to where it points; to a pipe, into it', async () => {
    mkdirSync(at('disk'))
    writeFileSync(at('disk/real'), 'old')
    symlinkSync('disk/real', at('link'))
    symlinkSync('disk/none', at('dangling'))
    for (const name of ['link', 'dangling']) {
      await files.write(at(name), bytes('new'))
      expect(lstatSync(at(name)).isSymbolicLink()).toBe(true)
    }
    expect(readdirSync(at('disk')).sort()).toEqual(['none', 'real'])
    expect(readFileSync(at('disk/real'), 'utf8')).toBe('new')

    symlinkSync('circle', at('circle'))
    await expect(files.write(at('circle'), bytes('x'))).rejects.toThrow(/circle/)

    pipe('pipe')
    const reader = spawn('cat', [at('pipe')])
    const [[read]] = await Promise.all([
      once(reader.stdout, 'data') as Promise<[Buffer]>,
      files.write(at('pipe'), bytes('through')),
    ])
    expect(String(read)).toBe('through')
    expect(lstatSync(at('pipe')).isFIFO()).toBe(true)
  })

  test('drafts of a process that died are removed by who takes the folder next', async () => {
    const run = at('run')
    await (await files.take(run)).release()
    writeFileSync(join(run, '.draft-0123'), 'half')
    await (await files.take(run)).release()
    expect(readdirSync(run)).toEqual([])
  })
})

describe('a file in pieces', () => {
  const collect = async (pieces: AsyncIterable<Uint8Array>) => {
    const all: Uint8Array[] = []
    for await (const piece of pieces) all.push(piece)
    return all
  }
  const path = () => join(folder, 'file')

  test('is what it is whole, packed or not', async () => {
    const content = new Uint8Array(3 * 2 ** 20 + 5).map((_, at) => (at * at) >> 7)
    writeFileSync(path(), content)
    const plain = await collect(files.pieces(path()))
    writeFileSync(path(), gzipSync(content))
    const unpacked = await collect(files.gunzipPieces(files.pieces(path())))
    for (const pieces of [plain, unpacked]) {
      expect(pieces.length).toBeGreaterThan(1)
      expect(Buffer.concat(pieces).equals(content)).toBe(true)
    }
  })

  test('may be left after the first', async () => {
    writeFileSync(path(), gzipSync(new Uint8Array(3 * 2 ** 20)))
    for await (const piece of files.gunzipPieces(files.pieces(path()))) {
      expect(piece.length).toBeGreaterThan(0)
      break
    }
  })

  test('that is missing or cut short is told of', async () => {
    const unreadable = { code: 'FILE_UNREADABLE' }
    await expect(collect(files.pieces(path()))).rejects.toMatchObject({
      ...unreadable,
      where: path(),
    })
    writeFileSync(path(), gzipSync(bytes('text '.repeat(1000))).subarray(0, 30))
    await expect(collect(files.gunzipPieces(files.pieces(path())))).rejects.toMatchObject(
      unreadable,
    )
  })
})

test.skipIf(!existsSync('/proc/self'))(
  'a folder that can’t be made ends with an error where Node’s own way never ends',
  () => {
    expect(() => makeFolder('/proc/none/of/this')).toThrow(/no such file.*Its folder is not there/)
  },
)

test('a stamp changes with its files, and a file that was just written has none', async () => {
  const [path, other] = [join(folder, 'a'), join(folder, 'b')]
  const before = (ms: number) => new Date(Date.now() - ms)
  writeFileSync(path, 'one')
  expect(await files.stamp([path])).toBeUndefined()
  utimesSync(path, before(9000), before(9000))
  const first = await files.stamp([path, other])
  expect(await files.stamp([path, other])).toBe(first)
  writeFileSync(path, 'two')
  utimesSync(path, before(8000), before(8000))
  const second = await files.stamp([path, other])
  writeFileSync(other, '')
  utimesSync(other, before(8000), before(8000))
  const third = await files.stamp([path, other])
  expect(new Set([first, second, third]).size).toBe(3)
  expect(third).toBeDefined()
  // Where a folder was, a file may be by now.
  expect(await files.stamp([join(path, 'inside')])).not.toBe(third)
})
