/** `PartialFile` on Node. */
import {
  closeSync,
  constants,
  createReadStream,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  writeSync,
} from 'node:fs'
import { rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { PartialFile } from '../core/hub/index.ts'
import { unwritable, writing } from './fileErrors.ts'
import { makeFolder } from './makeFolder.ts'
import { syncFolder } from './replaceFile.ts'

export function openPartial(path: string): Promise<PartialFile> {
  return writing(path, async () => {
    makeFolder(dirname(path))
    // Opening a pipe that nobody reads fails at once instead of waiting. Windows has no such flag.
    const {
      O_CREAT,
      O_WRONLY,
      O_APPEND,
      O_NONBLOCK = 0,
    } = constants as Partial<typeof constants> &
      Pick<typeof constants, 'O_CREAT' | 'O_WRONLY' | 'O_APPEND'>
    const flags = O_CREAT | O_WRONLY | O_APPEND | O_NONBLOCK
    return new NodePartialFile(path, openSync(path, flags, 0o644))
  })
}

class NodePartialFile implements PartialFile {
  readonly #path: string
  readonly #file: number
  #length: number
  #isOpen = true

  constructor(path: string, file: number) {
    this.#path = path
    this.#file = file
    this.#length = fstatSync(file).size
  }

  get length(): number {
    return this.#length
  }

  content(): AsyncIterable<Uint8Array> {
    return createReadStream(this.#path, { highWaterMark: 1 << 20 })
  }

  append(bytes: Uint8Array): void {
    try {
      for (let written = 0; written < bytes.length;) {
        const count = writeSync(this.#file, bytes, written)
        written += count
        this.#length += count
      }
    } catch (cause) {
      throw unwritable(this.#path, cause)
    }
  }

  clear(): void {
    ftruncateSync(this.#file, 0)
    this.#length = 0
  }

  finish(target: string): Promise<void> {
    return writing(target, async () => {
      fsyncSync(this.#file)
      this.close()
      makeFolder(dirname(target))
      await rename(this.#path, target)
      await syncFolder(dirname(target))
    })
  }

  close(): void {
    if (this.#isOpen) closeSync(this.#file)
    this.#isOpen = false
  }
}
