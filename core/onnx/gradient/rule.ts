/** A gradient rule: how one operator carries the gradient of its outputs back to its inputs. */
import type { NodeProto } from '../onnxModel.ts'
import type { GraphWriter } from './graphWriter.ts'

/** A node whose outputs have a gradient. */
export interface Differentiated {
  readonly node: NodeProto
  /** Names of its inputs; empty for an optional one that is absent. */
  readonly inputs: readonly string[]
  /** Its first output. */
  readonly output: string
  /** ∂f/∂(first output), in its shape. */
  readonly gradient: string
  /** ∂f/∂output for each output, undefined if f does not depend on it. */
  readonly gradients: readonly (string | undefined)[]
}

/** Writes ∂f/∂input and returns its name; called only if it is needed. */
export type InputGradient = (() => string) | undefined

/** For each input its gradient; undefined if it has none (positions, shapes, conditions). */
export type GradientRule = (it: Differentiated, w: GraphWriter) => readonly InputGradient[]

export type RuleTable = Readonly<Record<string, GradientRule>>

/** y = φ(x) for each scalar: ∂f/∂x = ∂f/∂y · φ′. */
export function pointwise(
  derivative: (x: string, y: string, w: GraphWriter, node: NodeProto) => string,
): GradientRule {
  return ({ inputs: [x = ''], output, gradient, node }, w) => [
    () => w.mul(gradient, derivative(x, output, w, node)),
  ]
}
