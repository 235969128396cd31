/** A terminal that remembers what was written to it: for tests of what people see. */
import { Terminal } from '../terminal.ts'

export interface RecordedTerminal {
  readonly terminal: Terminal
  /** All that was written to stdout. */
  readonly stdout: () => string
  readonly stderr: () => string
}

export function recordingTerminal({
  isTTY = false,
  columns = 100,
  env = {},
}: {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly env?: Readonly<Record<string, string>>
} = {}): RecordedTerminal {
  const written = { stdout: '', stderr: '' }
  const stream = (name: keyof typeof written) => ({
    isTTY,
    columns,
    write: (text: string) => (written[name] += text),
  })
  return {
    terminal: new Terminal({ stdout: stream('stdout'), stderr: stream('stderr'), env }),
    stdout: () => written.stdout,
    stderr: () => written.stderr,
  }
}
