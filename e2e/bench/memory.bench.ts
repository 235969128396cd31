/**
 * The renderer's memory over an hour's worth of rounds, at 60 a second, streamed as fast as the
 * engine plays them.
 */
import { printTable } from '../../bench/markdown.ts'
import { openConfig, pressRun, untilRounds, untilState } from '../app.ts'
import { quadraticText } from '../configs.ts'
import { test, type Launched } from '../studio.ts'
import { printLoad } from './figures.ts'

const rounds = 60 * 3600
const looks = 8

interface Memory {
  readonly heapMb: number
  readonly processMb: number
}

/** After a collection: the heap of JavaScript, and all that the renderer's process holds. */
async function memoryOf({ app, page }: Launched): Promise<Memory> {
  const browser = await page.context().newCDPSession(page)
  await browser.send('HeapProfiler.collectGarbage')
  const { usedSize } = await browser.send('Runtime.getHeapUsage')
  await browser.detach()
  const processKb = await app.evaluate(({ app: electron, BrowserWindow }) => {
    const pid = BrowserWindow.getAllWindows()[0]!.webContents.getOSProcessId()
    return electron.getAppMetrics().find((each) => each.pid === pid)!.memory.workingSetSize
  })
  return { heapMb: usedSize / 2 ** 20, processMb: processKb / 2 ** 10 }
}

test('memory over an hour of rounds', async ({ studio }) => {
  const launched = await openConfig(studio, quadraticText(rounds, 20))
  const { page } = launched
  await pressRun(page)
  const table: (string | number)[][] = []
  for (let look = 1; look <= looks; look++) {
    const until = Math.round((rounds * look) / looks)
    if (look < looks) await untilRounds(page, until, 300_000)
    else await untilState(page, 'Finished', 300_000)
    const { heapMb, processMb } = await memoryOf(launched)
    table.push([until.toLocaleString('en'), heapMb.toFixed(1), processMb.toFixed(0)])
  }
  printLoad()
  printTable(['>rounds', '>JavaScript heap, MiB', '>process, MiB'], table)
})
