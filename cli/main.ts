/**
 * The program `hiso`: sets up the terminal and the engine's host, runs what was asked, and turns
 * whatever happens into an exit code.
 */
import { thisMachine, version } from '../api/host.ts'
import { invocationOf } from './context.ts'
import { describeError } from './describeError.ts'
import { runProgram } from './program.ts'
import { Terminal } from './terminal.ts'

const { stdout, stderr, env } = process
const terminal = new Terminal({ stdout, stderr, env })

// A reader that went away (`hiso list | head -1`) is no error.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  terminal.loseReader()
})
stderr.on('error', () => {})

try {
  const context = {
    host: thisMachine(),
    terminal,
    cwd: process.cwd(),
    invocation: invocationOf(env),
  }
  process.exitCode = await runProgram(process.argv.slice(2), context, version)
} catch (error) {
  const { text, exitCode } = describeError(error)
  if (text !== '') terminal.tell(text)
  process.exitCode = exitCode
}
