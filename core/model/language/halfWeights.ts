/**
 * Frozen weights kept as float16 and multiplied as float32: half the memory. Every weight becomes
 * float32 just before the layer that reads it, and only one layer's are there at a time.
 *
 * Rounding: to nearest, ties to even; at most 2^-11 of a weight, and 2^-25 below 2^-14. Models that
 * were published in float16 lose nothing.
 */
import { HisoError } from '../../base/index.ts'
import {
  DataType,
  node,
  tensor,
  uniqueNames,
  type GraphProto,
  type NodeProto,
  type TensorProto,
} from '../../onnx/index.ts'
import type { NamedTensor } from './graphRunner.ts'

/**
 * Lets a graph take those of its held tensors that are float16.
 * @param graph whose nodes read them as float32 so far; `canBeHalf` for each of them
 */
export function widenHalves(graph: GraphProto, held: Readonly<Record<string, NamedTensor>>): void {
  const unique = uniqueNames(graph)
  const halved = new Set(
    Object.entries(held).flatMap(([name, { data }]) => (data instanceof Uint16Array ? name : [])),
  )
  const widened = new Map<string, string>()
  const constants: TensorProto[] = []
  const ints = (name: string, values: readonly number[]) => {
    constants.push(tensor(name, [values.length], BigInt64Array.from(values, BigInt)))
    return name
  }
  const first = ints(unique('first'), [0])

  /** The weight as float32, made only once the layer's input is there. */
  const widen = (name: string, after: string): NodeProto[] => {
    const of = (what: string) => unique(`${name}_${what}`)
    const [shape, rows, nothing, wanted, shaped, wide] = [
      ...['shape', 'rows', 'nothing', 'wanted', 'shaped', 'float32'].map(of),
    ] as [string, string, string, string, string, string]
    widened.set(name, wide)
    // The runtime would make all of them at the start of a pass: 0 · rows keeps it waiting.
    return [
      node('Shape', [after], shape),
      node('Gather', [shape, first], rows),
      node('Mul', [rows, first], nothing),
      node('Add', [nothing, ints(of('dims'), held[name]!.shape)], wanted),
      node('Reshape', [name, wanted], shaped),
      node('Cast', [shaped], wide, { to: DataType.FLOAT }),
    ]
  }

  graph.node = graph.node.flatMap((it): NodeProto[] => {
    const [data] = it.input
    if (it.opType === 'Gather' && data !== undefined && halved.has(data)) {
      const [output] = it.output as [string]
      const rows = unique(`${output}_float16`)
      it.output = [rows]
      it.name = rows
      return [it, node('Cast', [rows], output, { to: DataType.FLOAT })]
    }
    const before: NodeProto[] = []
    it.input = it.input.map((name, at) => {
      if (at === 0 || !halved.has(name)) return name
      if (!widened.has(name)) before.push(...widen(name, data!))
      return widened.get(name)!
    })
    return [...before, it]
  })
  graph.initializer.push(...constants)
}

/** Whether only products and look-ups read a weight: what else reads one wants it as float32. */
export function canBeHalf(graph: GraphProto, name: string): boolean {
  return graph.node.every((it) => canRead(it, name))
}

/** Whether a node, if it reads the weight at all, can do with it as float16. */
function canRead({ opType, input, attribute }: NodeProto, name: string): boolean {
  const at = input.indexOf(name)
  if (attribute.some(({ g }) => g !== undefined)) return false
  if (at < 0) return true
  return opType === 'Gather' ? at === 0 : at === 1 && (opType === 'MatMul' || opType === 'Gemm')
}

/** From here on a value is rounded to infinity. */
const overflow = 0x477ff000
const smallestNormal = 0x38800000

/** Bits of the nearest float16 values. @throws HisoError MODEL_UNSUPPORTED */
export function toFloat16(values: Float32Array, where: string): Uint16Array {
  const halves = new Uint16Array(values.length)
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length)
  const sum = new Float32Array(1)
  const sumBits = new Uint32Array(sum.buffer)
  for (let i = 0; i < values.length; i++) {
    const sign = (bits[i]! >>> 16) & 0x8000
    const rest = bits[i]! & 0x7fffffff
    if (rest >= overflow) throw tooLarge(where, values[i]!)
    if (rest >= smallestNormal)
      halves[i] = sign | ((rest - 0x38000000 + 0xfff + ((rest >> 13) & 1)) >> 13)
    else {
      // A float32 between ½ and 1 has steps of 2^-24, as float16 has them near 0.
      sum[0] = Math.abs(values[i]!) + 0.5
      halves[i] = sign | (sumBits[0]! - 0x3f000000)
    }
  }
  return halves
}

function tooLarge(where: string, value: number): HisoError {
  return new HisoError('MODEL_UNSUPPORTED', {
    where,
    what: `the weight ${value} is beyond float16's 65,504`,
    remedy: 'Choose task.frozen: float32',
  })
}
