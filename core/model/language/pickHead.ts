/**
 * Makes a decoder compute only the logits that are needed: picks before the multiplication with the
 * vocabulary, not after it.
 */
import { constantCalled, integerAttribute, node, type NodeProto, tensor } from '../../onnx/index.ts'
import type { Decoder } from './decoder.ts'

export interface PickedHead {
  /** float32 [picks, width] */
  readonly logits: string
}

/**
 * Puts a Gather of the picked states before the head, and one of the candidates' columns into its
 * matrix, so that a prompt costs as many products as there are answers and not 50,000. If something
 * unknown stands between head and output, both are picked from the finished logits.
 *
 * @param picks name of an int64 [picks], places in rows · length
 * @param candidates tokens whose logits are needed; all by default
 */
export function pickHead(
  decoder: Decoder,
  picks: string,
  candidates: readonly number[] | undefined,
  unique: (name: string) => string,
): PickedHead {
  const { graph } = decoder.model
  const columns = candidates === undefined ? undefined : unique('candidates')
  if (columns !== undefined)
    graph.initializer.push(
      tensor(columns, [candidates!.length], BigInt64Array.from(candidates!, BigInt)),
    )
  const head = headOf(decoder)
  const flatten = (value: string, width: number): string => {
    const shape = unique(`${value}_flat_shape`)
    const flat = unique(`${value}_flat`)
    graph.initializer.push(tensor(shape, [2], BigInt64Array.of(-1n, BigInt(width))))
    graph.node.push(node('Reshape', [value, shape], flat))
    return flat
  }
  const pick = (value: string, indices: string, axis: number): string => {
    const picked = unique(`${value}_picked`)
    graph.node.push(node('Gather', [value, indices], picked, { axis }))
    return picked
  }
  if (head === undefined) {
    const rows = pick(flatten(decoder.logits, decoder.vocabulary), picks, 0)
    return { logits: columns === undefined ? rows : pick(rows, columns, 1) }
  }
  const { matmul, width } = head
  graph.node.splice(graph.node.indexOf(matmul), 1)
  const states = pick(flatten(matmul.input[0] ?? '', width), picks, 0)
  if (matmul.opType === 'MatMulNBits') {
    // Columns of packed weights can't be picked, but those of the few picked rows can.
    const all = unique('picked_logits')
    matmul.input[0] = states
    matmul.output[0] = all
    graph.node.push(matmul)
    return { logits: columns === undefined ? all : pick(all, columns, 1) }
  }
  const matrix =
    columns === undefined ? head.matrix : pickColumns(decoder, head, columns, pick, unique)
  const logits = unique('picked_logits')
  const own = head.isTransposed ? { transB: 1 } : {}
  graph.node.push(node(head.isTransposed ? 'Gemm' : 'MatMul', [states, matrix], logits, own))
  return { logits }
}

interface Head {
  readonly matmul: NodeProto
  readonly matrix: string
  /** Whether the matrix is [vocabulary, width]. */
  readonly isTransposed: boolean
  readonly width: number
}

/**
 * The head, if only views stand between it and the output, and its only inputs are data and matrix.
 */
function headOf({ facts, linears, logits }: Decoder): Head | undefined {
  let at = logits
  for (;;) {
    const producer = facts.producers.get(at)
    if (producer === undefined) return undefined
    const linear = linears.find((it) => it.output === at)
    if (linear !== undefined && isPlain(producer))
      return {
        matmul: producer,
        matrix: producer.input[1] ?? '',
        isTransposed: (integerAttribute(producer, 'transB') ?? 0) !== 0,
        width: linear.inputs,
      }
    if (!['Identity', 'Cast', 'Reshape'].includes(producer.opType)) return undefined
    at = producer.input[0] ?? ''
  }
}

/** Whether a product has no factor and no summand of its own. */
function isPlain({ opType, attribute, input }: NodeProto): boolean {
  if (opType === 'MatMulNBits') return true
  const isProduct =
    opType === 'MatMul' ||
    (opType === 'Gemm' && attribute.every((it) => it.name !== 'alpha' || it.f === 1))
  return isProduct && input.length === 2
}

/**
 * The matrix with only the candidates' columns; from a transposed table the columns are picked
 * before it is transposed.
 */
function pickColumns(
  { model: { graph }, facts }: Decoder,
  { matrix, isTransposed }: Head,
  columns: string,
  pick: (value: string, indices: string, axis: number) => string,
  unique: (name: string) => string,
): string {
  const producer = facts.producers.get(matrix)
  const table = producer?.opType === 'Transpose' ? (producer.input[0] ?? '') : undefined
  if (isTransposed || table === undefined || constantCalled(table, graph, facts) === undefined)
    return pick(matrix, columns, isTransposed ? 0 : 1)
  const narrow = unique('candidate_columns')
  graph.node.push(node('Transpose', [pick(table, columns, 0)], narrow, { perm: [1, 0] }))
  return narrow
}
