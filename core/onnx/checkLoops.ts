/**
 * Loops in a graph, before it runs: the inference runtime can't be interrupted, so each must say
 * how often at most it repeats.
 */
import { HisoError } from '../base/index.ts'
import {
  TensorProto_DataLocation as DataLocation,
  TensorProto_DataType as DataType,
  type NodeProto,
  type TensorProto,
} from './onnx.generated.ts'
import { integerValues, shapeOf, sizeOf } from './tensorValues.ts'

/** Of loops inside each other together; recurrent layers repeat once for each step of a row. */
const MOST_ROUNDS = 100_000

/** The value of a Constant node. */
type ConstantOf = (node: NodeProto) => TensorProto | undefined

interface Nodes {
  readonly node: readonly NodeProto[]
  readonly initializer?: readonly TensorProto[]
}

/**
 * @param outer whole numbers by name, of the graphs around
 * @param rounds how often the graph itself repeats
 * @throws HisoError MODEL_UNSUPPORTED naming the loop
 */
export function checkLoops(
  { node: nodes, initializer = [] }: Nodes,
  constantOf: ConstantOf,
  outer: ReadonlyMap<string, number> = new Map(),
  rounds = 1,
): void {
  if (!nodes.some(hasBody)) return
  const known = new Map(outer)
  const note = (name: string, tensor: TensorProto | undefined) => {
    const value = tensor && wholeNumberIn(tensor)
    if (value !== undefined) known.set(name, value)
  }
  for (const tensor of initializer) note(tensor.name, tensor)
  for (const node of nodes) note(node.output[0] ?? '', constantOf(node))
  for (const node of nodes) {
    const own = node.opType === 'Loop' ? roundsOf(node, known) * rounds : rounds
    if (own > MOST_ROUNDS) throw endless(node, own)
    for (const body of bodiesOf(node)) checkLoops(body, constantOf, known, own)
  }
}

/** By the trip count, the first input. */
function roundsOf({ input }: NodeProto, known: ReadonlyMap<string, number>): number {
  const count = known.get(input[0] ?? '')
  return count === undefined ? Infinity : Math.max(1, count)
}

/** Of a tensor that holds one. */
function wholeNumberIn(tensor: TensorProto): number | undefined {
  const isWhole = tensor.dataType === DataType.INT64 || tensor.dataType === DataType.INT32
  const isHere = tensor.dataLocation !== DataLocation.EXTERNAL
  return isWhole && isHere && sizeOf(shapeOf(tensor)) === 1 ? integerValues(tensor)[0] : undefined
}

const bodiesOf = ({ attribute }: NodeProto) =>
  attribute.flatMap(({ g, graphs }) => (g === undefined ? graphs : [g, ...graphs]))

const hasBody = (node: NodeProto) => bodiesOf(node).length > 0

function endless(node: NodeProto, rounds: number): HisoError {
  return new HisoError('MODEL_UNSUPPORTED', {
    where: node.name || (node.output[0] ?? ''),
    what: Number.isFinite(rounds)
      ? `its loop may repeat ${rounds} times, and ${MOST_ROUNDS} are the most`
      : 'its loop does not say how often at most it repeats, so it may never end',
    remedy: 'Export the model without loops: by tracing it instead of scripting it',
  })
}
