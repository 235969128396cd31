/** What becomes of each operator that reads a weight, when all probes of a group go through it. */
import {
  constantCalled,
  integerAttribute,
  namesReadBy,
  type NodeProto,
  shapeOf,
  sizeOf,
} from '../../onnx/index.ts'
import { type GroupWriter, Obstacle, type ProbedWeight, type WeightProduct } from './groupWriter.ts'
import { gemm, matMul } from './groupedProducts.ts'

/** Writes the nodes that stand for a plain one. @throws Obstacle where there are none */
type Rule = (writer: GroupWriter, node: NodeProto) => void

const rules: Readonly<Record<string, Rule>> = {
  Identity: rename,
  Transpose: transpose,
  Gather: gather,
  MatMul: matMul,
  Gemm: gemm,
  LayerNormalization: layerNormalization,
  Add: elementwise,
  Sub: elementwise,
  Mul: elementwise,
  Div: elementwise,
}

/** @returns undefined for a node that reads no weight and stays as it is */
export function ruleOf(node: NodeProto, { weights, spread }: GroupWriter): Rule | undefined {
  const read = [...namesReadBy(node)].filter((it) => weights.has(it) || spread.has(it))
  if (read.length === 0) return undefined
  const rule = rules[node.opType]
  const isInside = read.some((it) => !node.input.includes(it))
  const isKnown = read.every((it) => weights.has(it)) || rule === elementwise
  if (rule === undefined || !isKnown || node.domain !== '' || isInside)
    throw new Obstacle(`${node.opType} reads ${read[0]}, which it can do for one probe only`)
  return rule
}

function rename({ weights }: GroupWriter, { input: [from], output: [to] }: NodeProto): void {
  weights.set(to!, weights.get(from!)!)
}

function transpose(writer: GroupWriter, { attribute, input, output }: NodeProto): void {
  const weight = writer.weights.get(input[0]!)!
  const axes = weight.shape.length
  const own = attribute.find(({ name }) => name === 'perm')?.ints.map(Number)
  const perm = own ?? Array.from({ length: axes }, (_, i) => axes - 1 - i)
  const shape = perm.map((axis) => weight.shape[axis]!)
  if (weight.kind === 'stack') {
    const stacked = { perm: [0, ...perm.map((axis) => axis + 1)] }
    const name = writer.add('Transpose', [weight.name], stacked)
    writer.weights.set(output[0]!, { kind: 'stack', name, shape })
    return
  }
  if (axes !== 2) throw new Obstacle(`${weight.base} is turned, and has ${axes} axes`)
  const turned = perm[0] === 0 ? weight : turn(writer, weight)
  writer.weights.set(output[0]!, turned)
}

function turn(writer: GroupWriter, { base, left, right, shape, rows, columns }: WeightProduct) {
  const swap = (name: string) => writer.add('Transpose', [name], { perm: [0, 2, 1] })
  return {
    kind: 'product',
    base: writer.add('Transpose', [base], { perm: [1, 0] }),
    left: swap(right),
    right: swap(left),
    shape: shape.toReversed(),
    rows: columns,
    columns: rows,
  } as const
}

function gather(writer: GroupWriter, node: NodeProto): void {
  const [table = '', indices = ''] = node.input
  const weight = writer.weights.get(table)
  if (weight === undefined) throw new Obstacle(`${table} is picked from by a weight`)
  const axis = integerAttribute(node, 'axis') ?? 0
  const isMade = writer.facts.producers.get(indices)?.opType !== 'Constant'
  if (writer.isRows(indices) || (isMade && writer.facts.producers.has(indices)))
    return gatherRows(writer, node, weight, axis)
  const picked = constantCalled(indices, writer.graph, writer.facts)
  const count = picked && shapeOf(picked)
  if (count?.length !== 1 || weight.shape.length !== 2 || axis < 0)
    throw new Obstacle(`parts of ${table} are picked in a way that is not known`)
  const [length] = count as [number]
  const pick = (name: string, along: number) =>
    writer.add('Gather', [name, indices], { axis: along })
  const shape = weight.shape.map((it, i) => (i === axis ? length : it))
  const [output] = node.output as [string]
  if (weight.kind === 'stack') {
    writer.weights.set(output, { kind: 'stack', name: pick(weight.name, axis + 1), shape })
    return
  }
  const { left, right } = weight
  writer.weights.set(output, {
    kind: 'product',
    base: pick(weight.base, axis),
    left: axis === 0 ? pick(left, 1) : left,
    right: axis === 1 ? pick(right, 2) : right,
    shape,
    rows: shape[0]!,
    columns: shape[1]!,
  })
}

/** Rows of a table by numbers that come with the minibatch: an embedding. */
function gatherRows(
  writer: GroupWriter,
  node: NodeProto,
  weight: ProbedWeight,
  axis: number,
): void {
  const [, indices = ''] = node.input
  if (axis !== 0 || weight.shape.length !== 2)
    throw new Obstacle('rows of a weight are picked along another axis than the first')
  const [rows, columns] = weight.shape as [number, number]
  // One table for all probes: the rows of probe g begin at g · rows.
  const flat = (stacked: string) => writer.add('Flatten', [stacked], { axis: 2 })
  const isRows = writer.isRows(indices)
  const own = isRows
    ? writer.intoGroups(indices)
    : writer.add('Reshape', [indices, writer.integers(1, -1)])
  const places = writer.add('Add', [own, writer.firstRows(rows)])
  const pick = (stacked: string) => writer.add('Gather', [flat(stacked), places], { axis: 0 })
  if (weight.kind === 'stack') {
    const picked = pick(weight.name)
    if (!isRows) return void writer.spread.set(node.output[0]!, picked)
    const inputs = [writer.add('Shape', [indices]), writer.integers(columns)]
    writer.finish('Reshape', [picked, writer.add('Concat', inputs, { axis: 0 })], node)
    return
  }
  const common = writer.add('Gather', [weight.base, isRows ? indices : own], { axis: 0 })
  const moved = writer.add('MatMul', [pick(weight.left), weight.right])
  if (isRows) writer.finish('Add', [common, writer.shapedLike(moved, common)], node)
  else writer.spread.set(node.output[0]!, writer.add('Add', [common, moved]))
}

/** A vector beside rows: added, multiplied. */
function elementwise(writer: GroupWriter, node: NodeProto): void {
  if (node.input.some((it) => writer.spread.has(it))) return beside(writer, node)
  const weights = node.input.map((it) => writer.weights.get(it))
  const [a = '', b = ''] = node.input
  const [left, right] = weights
  const weight = left ?? right!
  const rows = left === undefined ? a : b
  if (!writer.isRows(rows) || (left !== undefined && right !== undefined))
    throw new Obstacle(`${node.opType} makes one weight of another`)
  const size = sizeOf(weight.shape)
  const own = weight.shape.slice(weight.shape.findIndex((length) => length > 1))
  if (size > 1 && own.includes(1))
    throw new Obstacle(`${node.opType} takes a weight of shape ${weight.shape.join(' × ')}`)
  const grouped = writer.intoGroups(rows, size)
  const stacked = writer.rowOf(weight, size)
  const inputs = left === undefined ? [grouped, stacked] : [stacked, grouped]
  writer.finish('Reshape', [writer.add(node.opType, inputs), writer.add('Shape', [rows])], node)
}

/** What stands at every row, such as embedded places, beside the rows. */
function beside(writer: GroupWriter, node: NodeProto): void {
  const isFirst = writer.spread.has(node.input[0]!)
  const [spread, rows] = (isFirst ? node.input : node.input.toReversed()) as [string, string]
  const own = writer.spread.get(spread)
  if (own === undefined || !writer.isRows(rows))
    throw new Obstacle(`${node.opType} makes one weight of another`)
  const at = writer.add('Reshape', [own, writer.shape(1, -1)])
  const grouped = writer.intoRows(rows)
  const sum = writer.add(node.opType, isFirst ? [at, grouped] : [grouped, at])
  writer.finish('Reshape', [sum, writer.add('Shape', [rows])], node)
}

/** The norm itself is common to all; scale and offset are each probe's own. */
function layerNormalization(writer: GroupWriter, node: NodeProto): void {
  const [rows = '', scale = '', offset = ''] = node.input
  const [weight, added] = [scale, offset].map((it) => writer.weights.get(it))
  const { shape } = weight ?? added!
  if (shape.length !== 1 || node.output.length !== 1 || writer.weights.has(rows))
    throw new Obstacle('LayerNormalization is of an unusual form')
  const [size] = shape as [number]
  const ones = () => writer.floats([size], new Float32Array(size).fill(1))
  const normed = writer.unique('grouped_norm')
  writer.nodes.push({
    ...node,
    name: normed,
    input: [rows, weight === undefined ? scale : ones()],
    output: [normed],
  })
  let result = writer.intoGroups(normed, size)
  if (weight !== undefined) result = writer.add('Mul', [result, writer.rowOf(weight, size)])
  if (added !== undefined) result = writer.add('Add', [result, writer.rowOf(added, size)])
  else if (offset !== '') result = writer.add('Add', [result, offset])
  writer.finish('Reshape', [result, writer.add('Shape', [rows])], node)
}
