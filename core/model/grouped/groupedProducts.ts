/**
 * Products of rows with a matrix W + U_g V_g: one product with W for all probes, and two thin ones
 * for each.
 */
import { integerAttribute, type NodeProto } from '../../onnx/index.ts'
import { type GroupWriter, Obstacle, type WeightProduct } from './groupWriter.ts'

export function matMul(writer: GroupWriter, node: NodeProto): void {
  const [rows = '', matrix = ''] = node.input
  const weight = writer.weights.get(matrix)
  if (weight?.shape.length !== 2 || writer.weights.has(rows) || !writer.isRows(rows))
    throw new Obstacle('MatMul has a weight on its left')
  const [inputs, outputs] = weight.shape as [number, number]
  const grouped = writer.intoGroups(rows, inputs)
  if (weight.kind === 'product' && writer.moved.has(rows)) {
    const common = writer.add('MatMul', [rows, weight.base])
    writer.finish(
      'Add',
      [common, writer.shapedLike(ownPart(writer, grouped, weight), common)],
      node,
    )
    return
  }
  const product =
    weight.kind === 'stack'
      ? writer.add('MatMul', [grouped, weight.name])
      : writer.add('Add', [
          writer.add('MatMul', [writer.firstGroup(grouped), weight.base]),
          ownPart(writer, grouped, weight),
        ])
  const leading = writer.add('Slice', [
    writer.add('Shape', [rows]),
    writer.integers(0),
    writer.integers(-1),
  ])
  const shape = writer.add('Concat', [leading, writer.integers(outputs)], { axis: 0 })
  writer.finish('Reshape', [product, shape], node)
}

/** (x U) V of each probe, [groups, rows, columns]. @param grouped x, [groups, rows, inputs] */
function ownPart(
  writer: GroupWriter,
  grouped: string,
  { left, right }: Pick<WeightProduct, 'left' | 'right'>,
): string {
  return writer.add('MatMul', [writer.add('MatMul', [grouped, left]), right])
}

export function gemm(writer: GroupWriter, node: NodeProto): void {
  const [rows = '', matrix = '', offset = ''] = node.input
  const isTurned = (integerAttribute(node, 'transB') ?? 0) !== 0
  const factors = node.attribute.filter(({ name }) => name === 'alpha' || name === 'beta')
  if (
    (integerAttribute(node, 'transA') ?? 0) !== 0 ||
    factors.some(({ f }) => f !== 1) ||
    writer.weights.has(rows) ||
    !writer.isRows(rows)
  )
    throw new Obstacle('Gemm is of an unusual form')
  const weight = writer.weights.get(matrix)
  const added = writer.weights.get(offset)
  const own = { transB: isTurned ? 1 : 0 }
  const swap = (name: string) => writer.add('Transpose', [name], { perm: [0, 2, 1] })
  if (weight === undefined) {
    const common = writer.add('Gemm', [rows, matrix], own)
    const [size] = added!.shape.slice(-1) as [number]
    const grouped = writer.intoGroups(common, size)
    const sum = writer.add('Add', [grouped, writer.rowOf(added!, size)])
    writer.finish('Reshape', [sum, writer.integers(-1, size)], node)
    return
  }
  const [inputs, outputs] = (isTurned ? weight.shape.toReversed() : weight.shape) as [
    number,
    number,
  ]
  const grouped = writer.intoGroups(rows, inputs)
  const flat = writer.integers(-1, outputs)
  if (weight.kind === 'stack') {
    const stacked = isTurned ? swap(weight.name) : weight.name
    const product = writer.add('MatMul', [grouped, stacked])
    const addend = added === undefined ? offset : writer.rowOf(added, outputs)
    const sum = addend === '' ? product : writer.add('Add', [product, addend])
    writer.finish('Reshape', [sum, flat], node)
    return
  }
  const left = isTurned ? swap(weight.right) : weight.left
  let right = isTurned ? swap(weight.left) : weight.right
  let narrow = writer.add('MatMul', [grouped, left])
  if (added !== undefined) {
    // Each probe's offset is one more row of V, which a column of ones takes along.
    narrow = writer.withColumnOfOnes(narrow)
    right = writer.add('Concat', [right, writer.rowOf(added, outputs)], { axis: 1 })
  }
  const ownPart = writer.add('MatMul', [narrow, right])
  const common = added === undefined && offset !== '' ? [offset] : []
  if (!writer.moved.has(rows)) {
    const first = writer.add('Reshape', [writer.firstGroup(grouped), writer.integers(-1, inputs)])
    const shared = writer.add('Gemm', [first, weight.base, ...common], own)
    writer.finish('Reshape', [writer.add('Add', [ownPart, shared]), flat], node)
    return
  }
  if (common.length === 0) {
    // Gemm adds to what it is given, which saves a pass.
    const addend = writer.add('Reshape', [ownPart, flat])
    writer.moved.add(node.output[0]!)
    writer.add('Gemm', [rows, weight.base, addend], own, node.output[0])
    return
  }
  const shared = writer.add('Gemm', [rows, weight.base, ...common], own)
  writer.finish('Add', [shared, writer.add('Reshape', [ownPart, flat])], node)
}
