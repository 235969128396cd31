/**
 * The soak test's host, as the engine's process is one: from a thread of its own it starts and ends
 * the app's worker threads again and again, two at a time, and counts what happens. `ending` is
 * how: `closed` as the engine does it, `idle` without closing, `running` in the middle of a
 * session's run.
 */
const { isMainThread, parentPort, Worker, workerData: settings } = require('node:worker_threads')

if (isMainThread) {
  const thread = new Worker(__filename, { workerData: process.argv[2] })
  thread.on('message', (report) => process.parentPort.postMessage(report))
  thread.on('exit', (code) => setTimeout(() => process.exit(code), 200))
} else soak(JSON.parse(settings))

function soak({ starts, runsPerStart, ending, workerScript, ...workerData }) {
  const counts = { started: 0, ended: 0, sessionRuns: 0, failed: 0 }
  const tell = (report) => parentPort.postMessage(report)

  /** One life of a worker: opened, used, ended. */
  function live() {
    const lastRun = ending === 'running' ? runsPerStart / 2 : runsPerStart
    let runs = 0
    return new Promise((resolve) => {
      const worker = new Worker(workerScript, { workerData })
      const fail = (report) => {
        counts.failed++
        tell(report)
        void worker.terminate()
      }
      worker.on('error', (error) => fail({ error: String(error) }))
      worker.on('exit', resolve)
      worker.on('message', (message) => {
        if (message.kind === 'opened') {
          counts.started++
          for (let id = 0; id < runsPerStart; id++)
            worker.postMessage({ id, method: 'evaluate', args: [0, 64] })
        } else if (message.kind === 'answer') {
          runs++
          if (runs <= runsPerStart) counts.sessionRuns++
          if (runs < lastRun) return
          if (ending === 'closed' && runs === lastRun) {
            worker.postMessage({ id: runs, method: 'close', args: [] })
            return
          }
          counts.ended++
          void worker.terminate()
        } else fail(message)
      })
    })
  }

  async function lane(first) {
    for (let index = first; index < starts; index += 2) {
      await live()
      if (index % 50 === 0) report()
    }
  }

  function report() {
    tell({ ...counts, rssMiB: Math.round(process.memoryUsage().rss / 2 ** 20) })
  }

  void Promise.all([lane(0), lane(1)]).then(() => {
    report()
    process.exit(counts.failed === 0 ? 0 : 1)
  })
}
