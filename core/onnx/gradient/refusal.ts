/** Errors for what has no gradient, by operator and node. */
import { HisoError } from '../../base/index.ts'
import type { NodeProto } from '../onnxModel.ts'

/**
 * The error for a form of an operator that its rule does not cover.
 *
 * @param how what is special about it, such as "with storage_order 1"
 * @param remedy what to do instead of choosing another method
 */
export function unknownGradient(node: NodeProto, how: string, remedy: string): HisoError {
  return new HisoError('MODEL_UNSUPPORTED', {
    where: nameOf(node),
    what: `the gradient of ${node.opType} ${how} is not known`,
    remedy: `${remedy}, or choose a zeroth-order method (hiso, decomfl), which needs forward passes only`,
  })
}

/** What people find the node by. */
export function nameOf(node: NodeProto): string {
  return node.name || (node.output[0] ?? '')
}
