/**
 * Multiplications and additions: how many a forward pass of the built-in models takes, and how many
 * a second this machine does at best.
 */
import { buildModel } from '../core/model/index.ts'
import { openSession } from '../platform/index.ts'

/** Of one sample's forward pass, in millions; dense and convolutional layers only, ten classes. */
export const megaflops: Readonly<Record<string, number>> = {
  softmax: (2 * 784 * 10) / 1e6,
  mlp: (2 * (784 * 32 + 32 * 10)) / 1e6,
  'cnn-mnist': (conv(28, 16, 1, 5) + conv(14, 32, 16, 5) + 2 * 1568 * 10) / 1e6,
  'cnn-fashion': (conv(26, 32, 1, 3) + conv(24, 64, 32, 3) + 2 * (9216 * 128 + 128 * 10)) / 1e6,
}

const side = 2048
const rows = 1024
const budgetMs = 2000

/**
 * GFLOP/s of a product of large matrices on so many threads: what no forward pass of ours can beat.
 * The fastest of some, since other work on the machine only ever takes away.
 */
export async function largestRate(threads: number): Promise<number> {
  const graph = buildModel('softmax', { featureShape: [side], classes: side }, 1)
  const features = Float32Array.from({ length: rows * side }, (_, i) => ((37 * i) % 101) / 101)
  const labels = BigInt64Array.from({ length: rows }, (_, i) => BigInt(i % side))
  const session = await openSession(graph, { threads })
  let fastestMs = Infinity
  for (const end = performance.now() + budgetMs; performance.now() < end;) {
    const began = performance.now()
    await session.run(graph.initialParams, features, labels, false)
    fastestMs = Math.min(fastestMs, performance.now() - began)
  }
  await session.release()
  return (2 * rows * side * side) / fastestMs / 1e6
}

function conv(side: number, outputs: number, inputs: number, kernel: number): number {
  return 2 * side * side * outputs * inputs * kernel * kernel
}
