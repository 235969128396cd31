/**
 * The engine's process: one engine, any number of ports to it, and a line to main on which runs are in progress. What a run does is in
 * its folder alone, so that this process may die at any moment.
 */
import { constants, setPriority } from 'node:os'
import { Engine } from '../../core/engine/index.ts'
import { createNodeHost } from '../../core/platform/index.ts'
import type { HostCommand, HostMessage, HostSettings, RunInProgress } from '../ipc/enginePort.ts'
import { EventBatch } from './eventBatch.ts'
import { servePort } from './portServer.ts'
import { RunsInProgress } from './runsInProgress.ts'
import { selftest } from './selftest.ts'

// The window comes first: it needs little, but at once. Threads that are started later inherit this.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL)

const settings = JSON.parse(process.argv[2] ?? '{}') as HostSettings
const toMain = process.parentPort
const tellMain = (message: HostMessage) => toMain.postMessage(message)

const host = createNodeHost(settings)
const batch = new EventBatch()
const runs = new RunsInProgress((inProgress) => tellMain({ type: 'status', runs: inProgress }))
const engine = new Engine(host, (event) => {
  batch.add(event)
  if ('folder' in event) runs.note(event)
})

toMain.on(
  'message',
  ({ data, ports }: { data: HostCommand; ports: Electron.MessagePortMain[] }) => {
    switch (data.type) {
      case 'connect':
        for (const port of ports) servePort(port, engine, batch)
        break
      case 'resume':
        for (const run of data.runs) void resume(run)
        break
      case 'stop':
        void stop()
        break
      case 'selftest':
        void selftest(host, data.folder).then((report) => tellMain({ type: 'selftested', report }))
        break
    }
  },
)
tellMain({ type: 'started' })

/** Takes up a run that the engine before this one was playing; whoever listens hears how it went. */
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
