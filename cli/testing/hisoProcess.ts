/**
 * The real program in a process of its own, with its output line by line: for tests from the
 * outside.
 */
import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { getCurrentTest } from 'vitest/suite'

const program = fileURLToPath(new URL('../../dist/hiso.js', import.meta.url))

export interface Finished {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs it to its end. */
export function hiso(cwd: string, ...args: readonly string[]): Promise<Finished> {
  return new HisoProcess(cwd, args).drain()
}

export class HisoProcess {
  readonly #child: ChildProcessByStdio<null, Readable, Readable>
  readonly #lines: AsyncIterator<string>
  readonly #seen: string[] = []
  readonly #closed: Promise<Pick<Finished, 'code' | 'signal'>>
  #stderr = ''

  constructor(cwd: string, args: readonly string[]) {
    const { NO_COLOR: _, FORCE_COLOR: __, npm_lifecycle_event: ___, ...env } = process.env
    this.#child = spawn(process.execPath, [program, ...args], {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    // What a failed test leaves behind would take the workers and the processor of the next.
    if (getCurrentTest() !== undefined) onTestFinished(() => void this.#child.kill('SIGKILL'))
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text))
    this.#closed = new Promise((resolve) => {
      this.#child.on('close', (code, signal) => resolve({ code, signal }))
    })
    const reader = createInterface({ input: this.#child.stdout, crlfDelay: Infinity })
    this.#lines = reader[Symbol.asyncIterator]()
  }

  /**
   * Reads stdout up to the first line that fits.
   * @throws Error when the program ends without it
   */
  async lineWith(text: string): Promise<string> {
    for (;;) {
      const next = await this.#lines.next()
      if (next.done === true)
        throw new Error(
          `it ended without a line with ${text}:\n${this.#seen.join('\n')}\n${this.#stderr}`,
        )
      this.#seen.push(next.value)
      if (next.value.includes(text)) return next.value
    }
  }

  /** Reads stdout until each of these texts has been in a line, in whichever order. */
  async linesWith(...texts: readonly string[]): Promise<void> {
    const missing = new Set(texts)
    while (missing.size > 0) {
      const line = await this.lineWith('')
      for (const text of missing) if (line.includes(text)) missing.delete(text)
    }
  }

  /** Waits until it has said this on stderr. */
  async errorWith(text: string): Promise<void> {
    while (!this.#stderr.includes(text)) await once(this.#child.stderr, 'data')
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** Goes away as a reader of its stdout. */
  stopReading(): void {
    this.#child.stdout.destroy()
  }

  /** Reads on to the end. */
  async drain(): Promise<Finished> {
    // Of a destroyed stream the lines never come to an end.
    if (this.#child.stdout.destroyed)
      return { ...(await this.#closed), stdout: '', stderr: this.#stderr }
    for (let next = await this.#lines.next(); next.done !== true; next = await this.#lines.next())
      this.#seen.push(next.value)
    const { code, signal } = await this.#closed
    const stdout = this.#seen.map((line) => `${line}\n`).join('')
    return { code, signal, stdout, stderr: this.#stderr }
  }
}
