/**
 * What is known about the values of a graph before it runs: shapes (with named dimensions for open
 * numbers), element types, and the contents of small integer tensors, which are usually shapes on
 * their way to a Reshape. The gradient graph finds everything else when it runs.
 */
import {
  dimensionsOf,
  elementTypeOf,
  UNKNOWN,
  type GraphProto,
  type NodeProto,
  type TensorProto,
} from '../onnxModel.ts'
import { DataType, float32Values, integerValues, shapeOf, sizeOf } from '../tensorValues.ts'
import { inferElementType } from './elementTypes.ts'
import { inferIntegers } from './integerInference.ts'
import { lengthsOf, type KnownValues, type Shape } from './shape.ts'
import { inferShapes } from './shapeInference.ts'

/**
 * Of a node that breaks its operator's own rules nothing is known: what is wrong with it the
 * runtime says, which reads all of it.
 */
function unlessBroken<Result>(infer: () => Result): Result | undefined {
  try {
    return infer()
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return undefined
    throw error
  }
}

const isEntry = (it: Shape[number] | undefined): boolean =>
  typeof it === 'string' || Number.isSafeInteger(it)

/** The shape, unless its lengths can't be lengths. */
function sound(shape: Shape | undefined): Shape | undefined {
  const isSound = shape?.every(
    (it) => typeof it === 'string' || (Number.isSafeInteger(it) && it >= 0),
  )
  return isSound === true ? shape : undefined
}

/** Integer tensors up to this size are followed: shapes, axes and positions, not token tables. */
const LARGEST_FOLLOWED = 64

export class ValueFacts implements KnownValues {
  readonly #shapes = new Map<string, Shape>()
  readonly #types = new Map<string, number>()
  readonly #integers = new Map<string, Shape>()
  readonly #floats = new Map<string, readonly number[]>()
  readonly #recorded = new Map<string, Shape>()
  #fresh = 0

  constructor(graph: GraphProto) {
    for (const value of [...graph.valueInfo, ...graph.output, ...graph.input]) {
      const shape = dimensionsOf(value)?.map((it) => (it === UNKNOWN ? this.freshDimension() : it))
      if (shape !== undefined) this.#recorded.set(value.name, shape)
      const type = elementTypeOf(value)
      if (type !== DataType.UNDEFINED) this.#types.set(value.name, type)
    }
    for (const { name } of graph.input) {
      const shape = this.#recorded.get(name)
      if (shape !== undefined) this.#shapes.set(name, shape)
    }
    for (const it of graph.initializer) this.learnTensor(it.name, it)
    for (const it of graph.node) this.learn(it)
  }

  /** The value's shape; undefined if not even the number of its dimensions is known. */
  shape(name: string): Shape | undefined {
    return this.#shapes.get(name) ?? this.#recorded.get(name)
  }

  /** The lengths of all dimensions, or undefined if one is open. */
  sizes(name: string): readonly number[] | undefined {
    return lengthsOf(this.shape(name))
  }

  /** The ONNX element type; 0 if unknown. */
  type(name: string): number {
    return this.#types.get(name) ?? DataType.UNDEFINED
  }

  /**
   * The contents of a small integer tensor, flat, with open dimensions as names; undefined if
   * unknown.
   */
  integers(name: string): Shape | undefined {
    return this.#integers.get(name)
  }

  /** The contents of a small integer tensor if all of it is known. */
  constants(name: string): readonly number[] | undefined {
    return lengthsOf(this.#integers.get(name))
  }

  /** The contents of a small float constant, flat; undefined if unknown. */
  floats(name: string): readonly number[] | undefined {
    return this.#floats.get(name)
  }

  freshDimension(): string {
    return `?${this.#fresh++}`
  }

  learnTensor(name: string, tensor: TensorProto): void {
    const shape = shapeOf(tensor)
    this.#shapes.set(name, shape)
    this.#types.set(name, tensor.dataType)
    if (sizeOf(shape) > LARGEST_FOLLOWED) return
    const isInteger = tensor.dataType === DataType.INT64 || tensor.dataType === DataType.INT32
    if (isInteger) this.#integers.set(name, integerValues(tensor))
    else if (tensor.dataType === DataType.FLOAT) {
      this.#floats.set(name, [...float32Values(tensor)])
    }
  }

  /** Records that a value has the shape of another, known from elsewhere. */
  hasShapeOf(name: string, other: string): void {
    const shape = this.shape(other)
    if (shape !== undefined) this.#shapes.set(name, shape)
  }

  /** Records what a node's outputs are, from what is known of its inputs. */
  learn(node: NodeProto): void {
    const shapes = unlessBroken(() => inferShapes(node, this))?.map(sound) ?? []
    const integers = unlessBroken(() => inferIntegers(node, this))
    node.output.forEach((name, index) => {
      if (name === '') return
      const shape = shapes[index]
      if (shape !== undefined) this.#shapes.set(name, shape)
      const type = inferElementType(node, index, this)
      if (type !== DataType.UNDEFINED) this.#types.set(name, type)
    })
    const [first = ''] = node.output
    if (integers !== undefined && integers.length <= LARGEST_FOLLOWED && integers.every(isEntry)) {
      this.#integers.set(first, integers)
    }
  }
}
