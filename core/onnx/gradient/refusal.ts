/** Errors for operators and nodes without a gradient. */
import { HisoError } from '../../base/index.ts'
import type { NodeProto } from '../onnxModel.ts'

/**
 * The error for a form of an operator that its rule does not cover.
 *
 * @param how the special feature, such as "with storage_order 1"
 * @param remedy an alternative to choosing another method
 */
export function unknownGradient(node: NodeProto, how: string, remedy: string): HisoError {
  return new HisoError('MODEL_UNSUPPORTED', {
    where: nameOf(node),
    what: `the gradient of ${node.opType} ${how} is not known`,
    remedy: `${remedy}, or choose a zeroth-order method (hiso, decomfl), which needs forward passes only`,
  })
}

/** The name by which people find the node. */
export function nameOf(node: NodeProto): string {
  return node.name || (node.output[0] ?? '')
}
