/**
 * The engine's process: the engine has a thread of its own in it, and this one only carries
 * messages between that and Electron. Electron wakes the process's first thread through Chromium's
 * message loop, which costs a round that waits for its workers more than the round itself may take;
 * a thread of Node's has Node's own loop.
 */
import { writeSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { MessageChannel, Worker } from 'node:worker_threads'
import type { HostCommand, HostSettings } from '../ipc/enginePort.ts'
import type { ThreadCommand } from './threadCommand.ts'

// The window comes first: it needs little, but at once. Threads that are started later inherit
// this.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL)

const settings = JSON.parse(process.argv[2] ?? '{}') as HostSettings
const toMain = process.parentPort
const thread = new Worker(settings.engineScript, { workerData: settings })

thread.on('message', (message) => toMain.postMessage(message))
// An engine that has thrown is not to be trusted: the process ends as if it had died, and main
// starts another. What it says is written before that, not after.
thread.on('error', (error) => {
  writeSync(2, `${error.stack}\n`)
  process.exit(1)
})
thread.on('exit', (code) => process.exit(code))

toMain.on(
  'message',
  ({ data, ports }: { data: HostCommand; ports: Electron.MessagePortMain[] }) => {
    if (data.type === 'connect') for (const port of ports) connect(port)
    else send(data)
  },
)

function send(command: ThreadCommand): void {
  thread.postMessage(command, command.type === 'serve' ? [command.port] : [])
}

/** Gives the engine's thread a port for a page. */
function connect(page: Electron.MessagePortMain): void {
  const { port1: engine, port2: port } = new MessageChannel()
  page.on('message', ({ data }) => engine.postMessage(data))
  page.on('close', () => engine.close())
  engine.on('message', (message) => page.postMessage(message))
  page.start()
  send({ type: 'serve', port })
}
