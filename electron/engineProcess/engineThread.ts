/**
 * The engine's thread: one engine, any number of ports to it, and a line to main on which runs are
 * in progress. What a run does is in its folder alone, so that its process may die at any moment.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { Engine } from '../../core/engine/index.ts'
import { createNodeHost } from '../../platform/index.ts'
import type { HostMessage, HostSettings, RunInProgress } from '../ipc/enginePort.ts'
import { EventBatch } from './eventBatch.ts'
import { MainReaders } from './mainReaders.ts'
import { servePort } from './portServer.ts'
import { Reach } from './reach.ts'
import { RunsInProgress } from './runsInProgress.ts'
import { selftest } from './selftest.ts'
import type { ThreadCommand } from './threadCommand.ts'

if (parentPort === null) throw new Error('this module runs in a thread of the engine’s process')
const toProcess = parentPort
const tellMain = (message: HostMessage) => toProcess.postMessage(message)

const readers = new MainReaders(tellMain)
const host = createNodeHost({
  ...(workerData as HostSettings),
  startReader: () => readers.start(),
})
const reach = new Reach()
const batch = new EventBatch()
const runs = new RunsInProgress((inProgress) => tellMain({ type: 'status', runs: inProgress }))
const engine = new Engine(host, (event) => {
  batch.add(event)
  if ('folder' in event) runs.note(event)
})

toProcess.on('message', (command: ThreadCommand) => {
  switch (command.type) {
    case 'serve':
      servePort(command.port, engine, batch, reach)
      break
    case 'resume':
      for (const run of command.runs) void resume(run)
      break
    case 'stop':
      void stop()
      break
    case 'allow':
      reach.allow(command)
      break
    case 'readerAnswered':
      readers.answered(command.reader, command.message)
      break
    case 'readerEnded':
      readers.ended(command.reader, command.reason)
      break
    case 'selftest':
      void selftest(host, command.folder).then((report) => tellMain({ type: 'selftested', report }))
      break
  }
})
tellMain({ type: 'started' })

/** Continues a run that the previous engine was playing; listeners receive its events. */
async function resume({ folder, isPaused }: RunInProgress): Promise<void> {
  try {
    await engine.request('resumeRun', { folder })
    if (isPaused) await engine.request('controlRun', { folder, action: 'pause' })
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    batch.add({
      folder,
      event: { type: 'noticed', text: `It could not be taken up again: ${text}` },
    })
  }
}

/** Stops every run after its round in progress. */
async function stop(): Promise<void> {
  for (const folder of engine.liveRuns) {
    await engine.request('controlRun', { folder, action: 'stop' })
  }
  await runs.untilNone()
  tellMain({ type: 'stopped' })
}
