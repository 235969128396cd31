/**
 * Would convolutions gain by probes that share a pass? One layer with W fed, each probe by itself,
 * against W once for all probes and beside it two convolutions per probe, with r filters and then
 * 1 × 1, r = 4. Processor time of a probe, on one thread, taken in turns.
 *
 * Run: npm run bench -- convolutions
 */
import { create } from '@bufbuild/protobuf'
import { loadavg } from 'node:os'
import {
  DataType,
  encodeModel,
  ModelProtoSchema,
  node,
  tensor,
  valueInfo,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from '../core/onnx/index.ts'
import type { GraphRunner, NamedTensor } from '../core/model/index.ts'
import { openGraphRunner } from '../platform/index.ts'
import { printTable } from './markdown.ts'

const rank = 4
const rows = 64
const turns = 9

/** Channels in and out, the side of the image, and of the kernel, with an output of equal size. */
const layers = [
  { name: 'cnn-mnist, first', inputs: 1, outputs: 16, side: 28, kernel: 5 },
  { name: 'cnn-mnist, second', inputs: 16, outputs: 32, side: 14, kernel: 5 },
  { name: 'cnn-fashion, second', inputs: 32, outputs: 64, side: 26, kernel: 3 },
  { name: 'a wide one', inputs: 256, outputs: 256, side: 14, kernel: 3 },
] as const

type Layer = (typeof layers)[number]

interface Contestant {
  readonly runner: GraphRunner
  readonly feeds: Readonly<Record<string, NamedTensor>>
  readonly probes: number
}

const table: string[][] = []
for (const layer of layers) {
  const contestants = [await open(layer, 1), await open(layer, 2), await open(layer, 6)]
  const best = contestants.map(() => Infinity)
  for (let turn = 0; turn < turns; turn++)
    for (const [at, { runner, feeds, probes }] of contestants.entries()) {
      const before = process.cpuUsage()
      await runner.run(feeds, { y: undefined })
      const { user, system } = process.cpuUsage(before)
      best[at] = Math.min(best[at]!, (user + system) / 1000 / probes)
    }
  for (const { runner } of contestants) await runner.release()
  const [alone, ...shared] = best as [number, ...number[]]
  const ratios = shared.map((ms) => (ms / alone).toFixed(2))
  table.push([layer.name, ...best.map((ms) => ms.toFixed(2)), ...ratios])
}
console.log(`${rows} rows a probe; load ${loadavg()[0]!.toFixed(1)}\n`)
printTable(
  ['layer', '>alone, ms', '>2 share, ms', '>6 share, ms', '>2 / alone', '>6 / alone'],
  table,
)

/** A layer for so many probes; one stands for a probe by itself. */
async function open(layer: Layer, probes: number): Promise<Contestant> {
  const { inputs, outputs, side, kernel } = layer
  const pads = Array<number>(4).fill((kernel - 1) / 2)
  const shapes: Record<string, readonly number[]> = {
    x: [probes * rows, inputs, side, side],
    w: [outputs, inputs, kernel, kernel],
  }
  const nodes: NodeProto[] = [node('Conv', ['x', 'w'], probes === 1 ? 'y' : 'base', { pads })]
  const constants: TensorProto[] = []
  if (probes > 1) {
    shapes['v'] = [probes * rank, inputs, kernel, kernel]
    shapes['u'] = [probes * outputs, rank, 1, 1]
    const reshape = (from: string, to: string, shape: readonly number[]) => {
      constants.push(tensor(`${to}_shape`, [shape.length], BigInt64Array.from(shape, BigInt)))
      nodes.push(node('Reshape', [from, `${to}_shape`], to))
    }
    const swap = (from: string, to: string) =>
      nodes.push(node('Transpose', [from], to, { perm: [1, 0, 2, 3, 4] }))
    // Rows come probe by probe; a convolution in groups wants the probes among the channels.
    reshape('x', 'byProbe', [probes, rows, inputs, side, side])
    swap('byProbe', 'byRow')
    reshape('byRow', 'stacked', [rows, probes * inputs, side, side])
    nodes.push(node('Conv', ['stacked', 'v'], 'thin', { pads, group: probes }))
    nodes.push(node('Conv', ['thin', 'u'], 'wide', { group: probes }))
    reshape('wide', 'wideByRow', [rows, probes, outputs, side, side])
    swap('wideByRow', 'wideByProbe')
    reshape('wideByProbe', 'step', [probes * rows, outputs, side, side])
    nodes.push(node('Add', ['base', 'step'], 'y'))
  }
  const input: ValueInfoProto[] = Object.entries(shapes).map(([name, shape]) =>
    valueInfo(name, DataType.FLOAT, shape),
  )
  const output = [valueInfo('y', DataType.FLOAT, [probes * rows, outputs, side, side])]
  const graph = { name: 'layer', node: nodes, input, output, initializer: constants }
  const opsetImport = [{ domain: '', version: 17n }]
  const bytes = encodeModel(create(ModelProtoSchema, { irVersion: 8n, opsetImport, graph }))
  const feeds = Object.entries(shapes).map(([name, shape]) => {
    const length = shape.reduce((product, size) => product * size, 1)
    const data = Float32Array.from({ length }, (_, i) => ((37 * i) % 101) / 505 - 0.1)
    return [name, { data, shape }] as const
  })
  return { runner: await openGraphRunner(bytes), feeds: Object.fromEntries(feeds), probes }
}
