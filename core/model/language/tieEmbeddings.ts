/**
 * Rejoins embeddings that an exporter has written twice: torch.onnx folds the transposed copy for
 * the head into a weight of its own. Trained separately they would be another, larger model.
 */
import {
  DataType,
  float32Values,
  type GraphProto,
  node,
  shapeOf,
  type TensorProto,
  uniqueNames,
} from '../../onnx/index.ts'

/** In place. @param graph with its weights in float32 */
export function tieEmbeddings(graph: GraphProto): void {
  const matrices = new Map(
    graph.initializer
      .filter((it) => it.dataType === DataType.FLOAT && it.dims.length === 2)
      .map((it) => [it.name, it]),
  )
  const readAs = (operators: readonly string[], input: number) =>
    graph.node.flatMap((it) => {
      const matrix = matrices.get(it.input[input] ?? '')
      return matrix !== undefined && operators.includes(it.opType) ? [matrix] : []
    })
  for (const table of new Set(readAs(['Gather'], 0)))
    for (const factor of new Set(readAs(['MatMul', 'Gemm'], 1))) {
      const form = factor === table ? undefined : copyForm(factor, table)
      if (form !== undefined) replace(factor, table, form, graph)
    }
}

function copyForm(copy: TensorProto, table: TensorProto): 'same' | 'transposed' | undefined {
  const [rows = 0, columns = 0] = shapeOf(table)
  const [height, width] = shapeOf(copy)
  if (height === columns && width === rows && isCopy(copy, table, 1, rows)) return 'transposed'
  if (height === rows && width === columns && isCopy(copy, table, columns, 1)) return 'same'
  return undefined
}

/**
 * Whether element (row, column) of the table is at the place in the copy that these strides give,
 * for all of them.
 */
function isCopy(copy: TensorProto, table: TensorProto, perRow: number, perColumn: number): boolean {
  const [rows = 0, columns = 0] = shapeOf(table)
  const [values, copied] = [float32Values(table), float32Values(copy)]
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      if (!Object.is(values[row * columns + column], copied[row * perRow + column * perColumn]))
        return false
  return true
}

function replace(
  copy: TensorProto,
  table: TensorProto,
  form: 'same' | 'transposed',
  graph: GraphProto,
): void {
  graph.initializer.splice(graph.initializer.indexOf(copy), 1)
  if (form === 'transposed') {
    const name = uniqueNames(graph)(`${table.name}_transposed`)
    graph.node.unshift(node('Transpose', [table.name], name, { perm: [1, 0] }))
    rename(copy.name, name, graph)
  } else rename(copy.name, table.name, graph)
}

function rename(from: string, to: string, graph: GraphProto): void {
  for (const it of graph.node) it.input = it.input.map((name) => (name === from ? to : name))
}
