/** From the start of the app's process to its first paint, and until it takes a click. */
import { printTable } from '../../bench/markdown.ts'
import { askShell } from '../bare.ts'
import { expect, test } from '../studio.ts'
import { printLoad, quantile } from './figures.ts'

const turns = 10

test('the first paint after a start', async ({ studio }) => {
  const painted: number[] = []
  const mounted: number[] = []
  for (let turn = 0; turn < turns; turn++) {
    const { app, page, startedAt } = await studio.launch()
    const paintedAt = () =>
      page.evaluate(() => {
        const [paint] = performance.getEntriesByName('first-contentful-paint')
        return paint && performance.timeOrigin + paint.startTime
      })
    await expect.poll(paintedAt).toBeDefined()
    painted.push((await paintedAt())! - startedAt)
    type Description = { readonly startedAt: number; readonly interactiveMs?: number }
    const described = () => askShell<Description>(page, 'describe')
    await expect.poll(async () => (await described()).interactiveMs).toBeDefined()
    const { startedAt: began, interactiveMs } = await described()
    mounted.push(began + interactiveMs! - startedAt)
    await app.close()
  }
  printLoad()
  const row = (name: string, taken: readonly number[]) => {
    const ms = (share: number) => quantile(taken, share).toFixed(0)
    return [name, turns, ms(1 / turns), ms(0.5), ms(1)]
  }
  printTable(
    ['after the start of the process', '>times', '>least, ms', '>median, ms', '>largest, ms'],
    [row('first paint', painted), row('takes a click', mounted)],
  )
})
