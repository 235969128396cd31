import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createNodeFiles } from './nodeFiles.ts'

const files = createNodeFiles('resources')
const bytes = (text: string) => new TextEncoder().encode(text)
let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'hiso-files-'))))
afterEach(() => rmSync(folder, { recursive: true }))

describe('a folder taken for writing', () => {
  test('is refused to a second taker until it is released', async () => {
    const first = await files.take(folder)
    await expect(files.take(folder)).rejects.toMatchObject({ code: 'RUN_LOCKED' })
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
  })

  test('a file is replaced without a trace of the way there', async () => {
    const taken = await files.take(folder)
    await taken.write('run.json', bytes('old'))
    await taken.write('run.json', bytes('new'))
    expect(readFileSync(join(folder, 'run.json'), 'utf8')).toBe('new')
    expect(existsSync(join(folder, 'run.json.new'))).toBe(false)
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
    const taken = await files.take(folder)
    const appender = await taken.appendTo(relative(folder, '/dev/full'), 0)
    expect(() => appender.append(bytes('x'))).toThrow(
      /dev\/full: it can't be written \(no space left on device\).*make room/,
    )
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
