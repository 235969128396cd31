/**
 * The cross-entropy that training attaches to a classifier's logits, as ONNX nodes in forms that
 * the model's operator set has.
 */
import { node, type NodeProto, tensor, type TensorProto } from '../onnx/index.ts'

export interface LossHead {
  readonly nodes: readonly NodeProto[]
  readonly constants: readonly TensorProto[]
}

/**
 * loss_i = −log softmax(logits_i)[labels_i], one per row; LogSoftmax subtracts the row's maximum
 * first, so large logits do no harm.
 *
 * From operator set 11 the label's entry is picked by GatherElements; before it there is no such
 * operator, and rows of the identity matrix do the same. (SoftmaxCrossEntropyLoss, from set 12,
 * takes as long at 10 to 62 classes and 1.7 times as long at 1,000: ONNX Runtime 1.30, 256 rows,
 * one thread.)
 *
 * @param logits name of a float32 [rows, classes]
 * @param labels name of an int64 [rows]
 * @param losses name of the result, float32 [rows]
 * @param unique makes a name that the graph does not have yet
 */
export function lossHead(
  names: { readonly logits: string; readonly labels: string; readonly losses: string },
  classes: number,
  opset: number,
  unique: (name: string) => string,
): LossHead {
  const logProbabilities = unique('log_probabilities')
  const nodes = [node('LogSoftmax', [names.logits], logProbabilities, { axis: 1 })]
  const flatShape = unique('loss_shape')
  const constants = [tensor(flatShape, [1], BigInt64Array.of(-1n))]
  const negative = unique('negative_losses')
  if (opset >= 11) {
    const columnShape = unique('label_shape')
    const column = unique('label_column')
    const picked = unique('picked_log_probability')
    constants.push(tensor(columnShape, [2], BigInt64Array.of(-1n, 1n)))
    nodes.push(
      node('Reshape', [names.labels, columnShape], column),
      node('GatherElements', [logProbabilities, column], picked, { axis: 1 }),
      node('Reshape', [picked, flatShape], negative),
    )
  } else {
    const identity = unique('identity')
    const chosen = unique('one_hot_labels')
    const product = unique('chosen_log_probabilities')
    constants.length = 0
    constants.push(tensor(identity, [classes, classes], identityMatrix(classes)))
    nodes.push(
      node('Gather', [identity, names.labels], chosen, { axis: 0 }),
      node('Mul', [logProbabilities, chosen], product),
      node('ReduceSum', [product], negative, { axes: [1], keepdims: 0 }),
    )
  }
  nodes.push(node('Neg', [negative], names.losses))
  return { nodes, constants }
}

function identityMatrix(size: number): Float32Array {
  const values = new Float32Array(size * size)
  for (let i = 0; i < size; i++) values[i * size + i] = 1
  return values
}
