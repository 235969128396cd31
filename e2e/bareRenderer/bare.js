/**
 * A page for tests of the shell and the engine's process: requests and events in the test's hands,
 * nothing between.
 */
const waiting = new Map()
let requests = 0
let port

/** What the tests use, as `window.bare`. */
const bare = {
  /** Events of the engine, oldest first. */
  events: [],
  /** Messages that carried events. */
  batches: 0,
  /** Events of the shell, as [name, event]. */
  told: [],
  /** Ports received: one for each engine. */
  ports: 0,
  engine: (method, argument) =>
    new Promise((resolve, reject) => {
      waiting.set(++requests, { resolve, reject })
      port.postMessage({ id: requests, method, argument })
    }),
}
window.bare = bare

for (const name of ['menuCommandChosen', 'fileOpened', 'engineStateChanged', 'themeChanged'])
  window.shell.listen(name, (event) => bare.told.push([name, event]))

const connected = new Promise((resolve) => {
  window.addEventListener('message', ({ data, ports }) => {
    if (data?.type !== 'hiso:enginePort') return
    port = ports[0]
    port.onmessage = ({ data: message }) => receive(message)
    bare.ports++
    resolve()
  })
})

function receive(message) {
  if (message.events) {
    bare.batches++
    bare.events.push(...message.events.flatMap(unpack))
    return
  }
  const { resolve, reject } = waiting.get(message.id)
  waiting.delete(message.id)
  if (message.error) reject(new Error(`${message.error.code}: ${message.error.what}`))
  else resolve(message.result)
}

/** Of the rows of completed rounds, tests look at the first column alone: which round it was. */
function unpack(event) {
  if (!event.rows) return [event]
  const { folder, rounds, rows } = event
  return Array.from({ length: rounds }, (_, at) => ({
    folder,
    event: { type: 'roundCompleted', row: { round: rows[(at * rows.length) / rounds] } },
  }))
}

await window.shell.request('connectEngine')
await connected
await window.shell.request('ready')
bare.isReady = true
