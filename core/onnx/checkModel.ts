/**
 * What must hold of a file before anything of it is followed or allocated: tensors that have the
 * values that their shapes say, and nodes in an order in which each value exists before it is read.
 */
import { HisoError } from '../base/index.ts'
import {
  TensorProto_DataLocation as DataLocation,
  TensorProto_DataType as DataType,
  type GraphProto,
  type NodeProto,
  type SparseTensorProto,
  type TensorProto,
} from './onnx.generated.ts'

/** More than any operator takes; loops over dimensions stay short. */
export const MOST_DIMENSIONS = 32
/** Bodies in bodies of If, Loop and Scan. */
const DEEPEST = 32

/** Bytes of a value; types that are missing here are packed in ways of their own. */
const valueBytes: ReadonlyMap<number, number> = new Map([
  ...each(1, DataType.UINT8, DataType.INT8, DataType.BOOL),
  ...each(2, DataType.UINT16, DataType.INT16, DataType.FLOAT16, DataType.BFLOAT16),
  ...each(4, DataType.FLOAT, DataType.INT32, DataType.UINT32),
  ...each(8, DataType.INT64, DataType.UINT64, DataType.DOUBLE, DataType.COMPLEX64),
  ...each(16, DataType.COMPLEX128),
])

function each(bytes: number, ...types: readonly DataType[]): (readonly [number, number])[] {
  return types.map((type) => [type, bytes])
}

/**
 * Checks a graph and those inside it; sorts the nodes where the file has them in another order.
 * @throws HisoError MODEL_INVALID
 */
export function checkModel(graph: GraphProto, depth = 0): void {
  if (depth === DEEPEST)
    throw invalid(graph.name, `its bodies lie more than ${DEEPEST} deep in each other`)
  graph.initializer.forEach(checkTensor)
  graph.sparseInitializer.forEach(checkSparse)
  for (const node of graph.node)
    for (const { t, tensors, g, graphs } of node.attribute) {
      if (t !== undefined) checkTensor(t)
      tensors.forEach(checkTensor)
      for (const body of g === undefined ? graphs : [g, ...graphs]) checkModel(body, depth + 1)
    }
  checkNames(graph)
  graph.node = inOrder(graph.node)
}

/** A key that JavaScript takes for something else: a tensor that is fed under it would be lost. */
const UNUSABLE = '__proto__'

/** Which of two tensors a name means, each program would decide for itself. */
function checkNames({ initializer, input, node }: GraphProto): void {
  const known = new Set<string>()
  const made = node.flatMap(({ output }) => output)
  if ([...initializer, ...input].some(({ name }) => name === UNUSABLE) || made.includes(UNUSABLE))
    throw invalid(UNUSABLE, 'no tensor can have this name')
  for (const name of [...initializer.map((it) => it.name), ...made]) {
    if (name === '') continue
    if (known.has(name)) throw invalid(name, 'two of its tensors have this name')
    known.add(name)
  }
}

function checkTensor(tensor: TensorProto): void {
  const { dims, name } = tensor
  if (dims.length > MOST_DIMENSIONS)
    throw invalid(
      name,
      `the tensor has ${dims.length} dimensions, and at most ${MOST_DIMENSIONS} can be used`,
    )
  const size = dims.reduce((product, length) => product * Number(length), 1)
  if (dims.some((length) => length < 0n) || !Number.isSafeInteger(size))
    throw invalid(name, `the tensor's shape [${dims.join(', ')}] is no shape`)
  checkValues(tensor, size)
}

/**
 * Values that a sparse tensor may stand for: so many in any case, and so many for each of its own.
 */
const FREE_VALUES = 2 ** 20
const VALUES_PER_VALUE = 1000

function checkSparse({ values, indices, dims }: SparseTensorProto): void {
  const name = values?.name ?? ''
  if (values === undefined || indices === undefined)
    throw invalid(name, 'the sparse tensor has no values or no places for them')
  checkTensor(values)
  checkTensor(indices)
  const size = dims.reduce((product, length) => product * Number(length), 1)
  const most = FREE_VALUES + VALUES_PER_VALUE * Number(values.dims[0] ?? 0n)
  if (dims.length > MOST_DIMENSIONS || dims.some((length) => length < 0n) || !(size <= most))
    throw invalid(
      name,
      `the sparse tensor's shape [${dims.slice(0, 8).join(', ')}] is no shape of its values`,
    )
}

/**
 * That a tensor has the values that its shape says; those in a file beside the model are checked
 * when that is read. @throws HisoError MODEL_INVALID
 */
export function checkValues(tensor: TensorProto, size: number): void {
  const bytes = valueBytes.get(tensor.dataType)
  if (bytes === undefined || tensor.dataLocation === DataLocation.EXTERNAL) return
  const listed = listedValues(tensor)
  const found = listed > 0 ? listed : tensor.rawData.length / bytes
  if (found >= size) return
  throw invalid(
    tensor.name,
    `the tensor holds ${found} values where its shape [${tensor.dims.join(', ')}] needs ${size}`,
  )
}

/** How many values stand in the list that is for the tensor's type: readers look into no other. */
function listedValues({ dataType, ...lists }: TensorProto): number {
  switch (dataType) {
    case DataType.FLOAT:
      return lists.floatData.length
    // Real and imaginary parts.
    case DataType.COMPLEX64:
      return lists.floatData.length / 2
    case DataType.COMPLEX128:
      return lists.doubleData.length / 2
    case DataType.DOUBLE:
      return lists.doubleData.length
    case DataType.INT64:
      return lists.int64Data.length
    case DataType.UINT32:
    case DataType.UINT64:
      return lists.uint64Data.length
    default:
      return lists.int32Data.length
  }
}

/**
 * The nodes in an order in which each value exists before it is read: as they are where they are so
 * already. @throws HisoError MODEL_INVALID where there is none
 */
function inOrder(nodes: NodeProto[]): NodeProto[] {
  const producers = new Map<string, number>()
  nodes.forEach((node, index) => {
    for (const output of node.output) if (output !== '') producers.set(output, index)
  })
  const isSorted = nodes.every((node, index) =>
    node.input.every((name) => (producers.get(name) ?? -1) < index),
  )
  return isSorted ? nodes : sorted(nodes, producers)
}

function sorted(nodes: readonly NodeProto[], producers: ReadonlyMap<string, number>): NodeProto[] {
  const waiting = nodes.map((node) => sourcesOf(node, producers).size)
  const readers = nodes.map((): number[] => [])
  nodes.forEach((node, index) => {
    for (const source of sourcesOf(node, producers)) readers[source]!.push(index)
  })
  const order = waiting.flatMap((count, index) => (count === 0 ? [index] : []))
  for (const done of order)
    for (const reader of readers[done]!) if (--waiting[reader]! === 0) order.push(reader)
  if (order.length === nodes.length) return order.map((index) => nodes[index]!)
  const stuck = nodes[waiting.findIndex((count) => count > 0)]!
  throw invalid(stuck.name || (stuck.output[0] ?? ''), 'the node waits for its own output')
}

function sourcesOf(node: NodeProto, producers: ReadonlyMap<string, number>): Set<number> {
  return new Set(node.input.flatMap((name) => producers.get(name) ?? []))
}

function invalid(where: string, what: string): HisoError {
  return new HisoError('MODEL_INVALID', {
    // Constants inside nodes often have no name.
    ...(where !== '' && { where }),
    what,
    remedy: 'Export the model again',
  })
}
