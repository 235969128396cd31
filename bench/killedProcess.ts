/** The program in a process of its own that is killed -9 at a chosen moment. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** When to kill. */
export interface Moment {
  /** Rounds to wait for, of this process; undefined: do not wait for any. */
  readonly afterRounds: number | undefined
  readonly delayMs: number
}

/** What became of a process. */
export interface Ended {
  readonly code: number | null
  readonly wasKilled: boolean
  /** Rounds it told of. */
  readonly rounds: number
  readonly stderr: string
}

/**
 * @param args of Node: a script and its arguments
 * @param kill undefined to let it come to its end
 */
export function startAndKill(
  cwd: string,
  args: readonly string[],
  kill: Moment | undefined,
): Promise<Ended> {
  const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  let rounds = 0
  let stderr = ''
  let timer: NodeJS.Timeout | undefined
  const arm = () => {
    if (kill === undefined || timer !== undefined) return
    if (kill.afterRounds !== undefined && rounds < kill.afterRounds) return
    timer = setTimeout(() => child.kill('SIGKILL'), kill.delayMs)
  }
  if (kill?.afterRounds === undefined) arm()
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.includes('"type":"roundCompleted"')) rounds++
    arm()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      resolve({ code, wasKilled: signal === 'SIGKILL', rounds, stderr })
    })
  })
}
