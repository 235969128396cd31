/**
 * The program `hiso`: sets up the terminal and the engine's host, runs what was asked, and turns
 * whatever happens into an exit code.
 */
import { thisMachine, version } from '../api/host.ts'
import { HisoError } from '../core/base/index.ts'
import { invocationOf } from './context.ts'
import { describeError } from './describeError.ts'
import { exitCodes } from './exitCodes.ts'
import { runProgram } from './program.ts'
import { Terminal } from './terminal.ts'

const { stdout, stderr, env } = process
const terminal = new Terminal({ stdout, stderr, env })

let isUnwritten = false
// A reader that went away (`hiso list | head -1`) is no error; a full disk is one.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE' && !isUnwritten) {
    isUnwritten = true
    const thrown = new HisoError('FILE_UNWRITABLE', {
      where: 'the output',
      what: `it can't be written (${error.message})`,
      remedy: 'Make room, or send it to another place',
    })
    const { text, exitCode } = describeError(thrown)
    terminal.tell(text)
    process.exitCode = exitCode
  }
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
  const exitCode = await runProgram(process.argv.slice(2), context, version)
  process.exitCode = isUnwritten ? exitCodes.files : exitCode
} catch (error) {
  const { text, exitCode } = describeError(error)
  if (text !== '') terminal.tell(text)
  process.exitCode = exitCode
}
