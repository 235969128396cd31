/** One operator with inputs, for checking its gradient against central differences. */

export interface CaseInput {
  readonly shape: readonly number[]
  /**
   * `spread`: distinct values around 0, none of them near it or near another; `positive`: distinct
   * values from 0.3; a list: these.
   */
  readonly values: 'spread' | 'positive' | readonly number[]
  /** Floats have a gradient unless they say `fixed`; integers and truth values have none. */
  readonly type: 'float' | 'int64' | 'bool'
  readonly fixed?: boolean
  /** True when the values come with the features instead of lying in the file. */
  readonly fed?: boolean
}

type AttributeValue = number | string | readonly number[] | { readonly float: number }

export interface GradientCase {
  readonly name: string
  readonly operator: string
  readonly inputs: readonly (CaseInput | undefined)[]
  readonly attributes?: Readonly<Record<string, AttributeValue>>
  readonly opset?: number
  /** How many outputs the node has; f depends on all of them. */
  readonly outputs?: number
  /** How many outputs before those are left out; 0 if not said. */
  readonly skippedOutputs?: number
  /** The operator in float64, where ONNX Runtime knows it in float32 only. */
  readonly reference?: (inputs: readonly Float64Array[]) => Float64Array
  /** True where the rule needs to know the shapes beforehand. */
  readonly fixedShapes?: boolean
}

/** Distinct floats around 0, none near it. */
export function spread(...shape: number[]): CaseInput {
  return { shape, values: 'spread', type: 'float' }
}

/** Distinct floats from 0.3. */
export function positive(...shape: number[]): CaseInput {
  return { shape, values: 'positive', type: 'float' }
}

/** These floats. */
export function floats(shape: readonly number[], ...values: number[]): CaseInput {
  return { shape, values, type: 'float' }
}

/** An int64 list in the file. */
export function integers(...values: number[]): CaseInput {
  return { shape: [values.length], values, type: 'int64' }
}

/** An int64 tensor in the file. */
export function positions(shape: readonly number[], ...values: number[]): CaseInput {
  return { shape, values, type: 'int64' }
}

export function booleans(shape: readonly number[], ...values: number[]): CaseInput {
  return { shape, values, type: 'bool' }
}

/** The same input, known only when the graph runs. */
export function fed(input: CaseInput): CaseInput {
  return { ...input, fed: true }
}

/** The same input, without a gradient. */
export function fixed(input: CaseInput): CaseInput {
  return { ...input, fixed: true }
}
