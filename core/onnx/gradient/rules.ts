/**
 * Every operator with a gradient rule, and those that need none because small changes do not change
 * their outputs.
 */
import type { GradientRule } from './rule.ts'
import { activationRules } from './rules/activation.ts'
import { convolutionRules } from './rules/convolution.ts'
import { elementwiseRules } from './rules/elementwise.ts'
import { indexingRules } from './rules/indexing.ts'
import { linearAlgebraRules } from './rules/linearAlgebra.ts'
import { normalisationRules } from './rules/normalisation.ts'
import { poolingRules } from './rules/pooling.ts'
import { reductionRules } from './rules/reduction.ts'
import { resizeRules } from './rules/resize.ts'
import { shapeRules } from './rules/shape.ts'
import { softmaxRules } from './rules/softmax.ts'

const rules: ReadonlyMap<string, GradientRule> = new Map(
  Object.entries({
    ...elementwiseRules,
    ...activationRules,
    ...reductionRules,
    ...linearAlgebraRules,
    ...convolutionRules,
    ...poolingRules,
    ...shapeRules,
    ...resizeRules,
    ...indexingRules,
    ...normalisationRules,
    ...softmaxRules,
  }),
)

/** Shapes, positions, comparisons and steps: constant except for jumps. */
const flat = new Set([
  ...['Shape', 'Size', 'ConstantOfShape', 'Range', 'NonZero', 'OneHot', 'EyeLike'],
  ...['ArgMax', 'ArgMin', 'Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual'],
  ...['And', 'Or', 'Not', 'Xor', 'IsNaN', 'IsInf', 'Sign', 'Floor', 'Ceil', 'Round', 'Hardmax'],
])

export function ruleFor(operator: string): GradientRule | undefined {
  return rules.get(operator)
}

export function isFlat(operator: string): boolean {
  return flat.has(operator)
}

/** The operators with a known gradient, sorted. */
export function differentiableOperators(): string[] {
  return [...rules.keys()].sort()
}
