/**
 * The soak test's main process: runs the host in a utility process, prints its reports, and exits
 * as it does.
 */
const { app, utilityProcess } = require('electron')
const { join } = require('node:path')

void app.whenReady().then(() => {
  const host = utilityProcess.fork(join(__dirname, 'host.cjs'), [process.env.HISO_SOAK], {
    stdio: 'inherit',
  })
  host.on('message', (report) => console.log(JSON.stringify(report)))
  host.on('exit', (code) => {
    console.log(JSON.stringify({ hostExitCode: code }))
    app.exit(code)
  })
})
