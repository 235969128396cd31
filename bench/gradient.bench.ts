/**
 * What does a true gradient cost? One gradient step against one forward pass, on one thread.
 *
 * Run: npm run bench -- gradient
 */
import { buildModel } from '../core/model/index.ts'
import { differentiate } from '../core/onnx/index.ts'
import { openGradientSession, openSession } from '../platform/index.ts'
import { printTable } from './markdown.ts'

const ROWS = 32
const BUDGET_MS = 1500

const models = [
  { name: 'softmax', classes: 10 },
  { name: 'mlp', classes: 10, hidden: [256] },
  { name: 'cnn-mnist', classes: 10 },
  { name: 'cnn-fashion', classes: 62 },
]

/** The fastest of many runs: the machine is shared, and other work only ever adds time. */
async function fastest(work: () => Promise<unknown>): Promise<number> {
  let best = Infinity
  const end = performance.now() + BUDGET_MS
  for (let runs = 0; runs < 3 || performance.now() < end; runs++) {
    const start = performance.now()
    await work()
    best = Math.min(best, performance.now() - start)
  }
  return best
}

const rows: string[][] = []
for (const { name, classes, hidden } of models) {
  const options = { featureShape: [1, 28, 28], classes, ...(hidden && { hidden }) }
  const graph = buildModel(name, options, 1)
  const features = Float32Array.from({ length: ROWS * 784 }, (_, i) => ((37 * i) % 101) / 101)
  const labels = BigInt64Array.from({ length: ROWS }, (_, i) => BigInt(i % classes))
  const losses = await openSession(graph)
  const gradients = await openGradientSession(differentiate(graph))
  const out = new Float32Array(graph.dim)
  const forward = await fastest(() => losses.run(graph.initialParams, features, labels, false))
  const step = await fastest(() => gradients.run(graph.initialParams, features, labels, out))
  const [f, s] = [forward.toFixed(2), step.toFixed(2)]
  rows.push([name, `${graph.dim}`, f, s, (step / forward).toFixed(1)])
  await losses.release()
  await gradients.release()
}
printTable(['model', '>d', '>forward, ms', '>loss and gradient, ms', '>ratio'], rows)
