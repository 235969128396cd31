/**
 * Reading what the app itself looks into: small regular files. A pipe or a device in their place
 * would be waited for, and the window with it.
 */
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import { open } from 'node:fs/promises'

const mostBytes = 64 * 2 ** 20

/** Opening a pipe that nobody writes to returns at once. Windows has no such flag. */
const { O_RDONLY, O_NONBLOCK = 0 } = constants as Partial<typeof constants> & { O_RDONLY: number }
const flags = O_RDONLY | O_NONBLOCK

interface Found {
  isFile(): boolean
  readonly size: number
}

/** @throws Error where it can't be read, or is no such file */
export function readOwnSync(path: string): string {
  const file = openSync(path, flags)
  try {
    check(path, fstatSync(file))
    return readFileSync(file, 'utf8')
  } finally {
    closeSync(file)
  }
}

/** @throws Error where it can't be read, or is no such file */
export async function readOwn(path: string): Promise<string> {
  const file = await open(path, flags)
  try {
    check(path, await file.stat())
    return await file.readFile('utf8')
  } finally {
    await file.close()
  }
}

function check(path: string, found: Found): void {
  if (!found.isFile() || found.size > mostBytes) throw new Error(`${path} is no small file`)
}
