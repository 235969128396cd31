/** Gradients of softmax, its logarithm, and the losses made of them. */
import type { NodeProto } from '../../onnxModel.ts'
import { integerOf, hasAttribute, stringOf } from '../attributes.ts'
import type { GraphWriter } from '../graphWriter.ts'
import { unknownGradient } from '../refusal.ts'
import type { Differentiated, GradientRule, RuleTable } from '../rule.ts'

export const softmaxRules: RuleTable = {
  // y·(∂y − Σ ∂y·y)
  Softmax: ({ node, output, gradient }, w) => [
    () => {
      const product = w.mul(gradient, output)
      const total = w.sum(product, [integerOf(node, 'axis', -1)], true)
      return w.sub(product, w.mul(output, total))
    },
  ],

  // ∂y − eʸ·Σ ∂y
  LogSoftmax: ({ node, output, gradient }, w) => [
    () => throughLogSoftmax(gradient, output, integerOf(node, 'axis', -1), w),
  ],

  SoftmaxCrossEntropyLoss: crossEntropy,
  NegativeLogLikelihoodLoss: negativeLikelihood,
}

function throughLogSoftmax(
  gradient: string,
  logarithms: string,
  axis: number,
  w: GraphWriter,
): string {
  const total = w.sum(gradient, [axis], true)
  return w.sub(gradient, w.mul(w.add('Exp', [logarithms]), total))
}

/**
 * The loss is −w_label · log softmax(scores)[label]; its second output, if requested, is log
 * softmax(scores).
 */
function crossEntropy(
  { node, inputs, gradients: [gradient, further] }: Differentiated,
  w: GraphWriter,
): ReturnType<GradientRule> {
  return [
    () => {
      const logarithms = w.outputOf(node, 1)
      const own =
        gradient === undefined ? undefined : ofLikelihoods(node, inputs, gradient, logarithms, w)
      const all = own === undefined ? further : further === undefined ? own : w.add2(own, further)
      return throughLogSoftmax(all as string, logarithms, 1, w)
    },
    undefined,
    inputs[2] === undefined ? undefined : refuseClassWeights(node),
  ]
}

function negativeLikelihood(
  { node, inputs, gradient }: Differentiated,
  w: GraphWriter,
): ReturnType<GradientRule> {
  return [
    () => ofLikelihoods(node, inputs, gradient, inputs[0] as string, w),
    undefined,
    inputs[2] === undefined ? undefined : refuseClassWeights(node),
  ]
}

function refuseClassWeights(node: NodeProto): () => never {
  return () => {
    throw unknownGradient(node, 'by its class weights', 'Leave them out of task.trainable')
  }
}

/**
 * ∂f/∂(log-probabilities [rows, classes, …]) of the loss −w_label · log p[label] and its
 * reductions: at the label −w_label · ∂loss (`none`, `sum`), divided by Σ w_label (`mean`), 0 if
 * the label is ignored, and 0 elsewhere.
 */
function ofLikelihoods(
  node: NodeProto,
  [, labels = '', classWeights = '']: readonly string[],
  gradient: string,
  logarithms: string,
  w: GraphWriter,
): string {
  const isIgnoring = hasAttribute(node, 'ignore_index')
  const ignored = w.castLike(w.integers([integerOf(node, 'ignore_index', 0)]), labels)
  const isIgnored = w.add('Equal', [labels, ignored])
  const none = w.castLike(w.integers([0]), labels)
  const safe = isIgnoring ? w.add('Where', [isIgnored, none, labels]) : labels
  const even = w.expandLike(w.scalar(1, gradient), labels)
  const chosen = classWeights === '' ? even : w.add('Gather', [classWeights, safe], { axis: 0 })
  const weights = isIgnoring ? w.keepWhere(w.add('Not', [isIgnored]), chosen) : chosen
  const shares =
    stringOf(node, 'reduction', 'mean') === 'mean'
      ? w.div(weights, w.sum(weights, undefined, false))
      : weights
  const updates = w.neg(w.mul(shares, gradient))
  const axis = w.integers([1])
  return w.add(
    'ScatterElements',
    [
      w.zerosLike(logarithms),
      w.add('Unsqueeze', [safe, axis]),
      w.add('Unsqueeze', [updates, axis]),
    ],
    { axis: 1 },
  )
}
