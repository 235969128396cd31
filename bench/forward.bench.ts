/**
 * How fast is one forward pass? The built-in models at the row counts that rounds use, plain and in
 * the layout that a run would take, taken in turns on one thread, with GFLOP/s of the convolutional
 * and dense layers.
 *
 * Run: npm run bench -- forward
 */
import { loadavg } from 'node:os'
import { buildModel } from '../core/model/index.ts'
import { openInLayout } from '../platform/index.ts'
import { printTable } from './markdown.ts'
import { megaflops } from './multiplications.ts'
import { medianOf } from './play.ts'

const turns = 15
/** One turn lasts about this long. */
const turnMs = 40

interface Times {
  readonly median: number
  readonly fastest: number
}

const cells: string[][] = []
for (const [name, perRow] of Object.entries(megaflops)) {
  const graph = buildModel(name, { featureShape: [1, 28, 28], classes: 10 }, 1)
  const contestants = [
    await openInLayout(graph, 'cpu', 'plain'),
    await openInLayout(graph, 'cpu', 'auto'),
  ]
  for (const rows of [32, 64, 256]) {
    const features = Float32Array.from({ length: rows * 784 }, (_, i) => ((37 * i) % 101) / 101)
    const labels = BigInt64Array.from({ length: rows }, (_, i) => BigInt(i % 10))
    const milliseconds = contestants.map(() => [] as number[])
    for (let turn = -2; turn < turns; turn++) {
      for (const [i, { session }] of contestants.entries()) {
        const began = performance.now()
        let runs = 0
        do {
          await session.run(graph.initialParams, features, labels, false)
          runs++
        } while (performance.now() - began < turnMs)
        if (turn >= 0) milliseconds[i]!.push((performance.now() - began) / runs)
      }
    }
    const [plain, chosen] = milliseconds.map((times) => ({
      median: medianOf(times),
      fastest: Math.min(...times),
    })) as [Times, Times]
    const rate = ({ fastest }: Times) => ((rows * perRow) / fastest).toFixed(0)
    cells.push([
      name,
      String(rows),
      `${plain.median.toFixed(3)} (${plain.fastest.toFixed(3)})`,
      rate(plain),
      contestants[1]!.layout,
      `${chosen.median.toFixed(3)} (${chosen.fastest.toFixed(3)})`,
      rate(chosen),
      (plain.median / chosen.median).toFixed(2),
    ])
  }
  for (const { session } of contestants) await session.release()
}
console.log(
  `median (fastest) of ${turns} turns, GFLOP/s of the fastest; load ${loadavg()[0]!.toFixed(1)}\n`,
)
printTable(
  ['model', '>rows', '>plain, ms', '>GFLOP/s', 'layout', '>ms', '>GFLOP/s', '>plain / layout'],
  cells,
)
