/**
 * Appends nodes to an ONNX graph, with unique names and each expression once, and records what is
 * known of every value. Gradient rules are written in this arithmetic; the rules themselves are
 * elsewhere.
 */
import { create } from '@bufbuild/protobuf'
import { HisoError } from '../../base/index.ts'
import { NodeProtoSchema, TensorProtoSchema } from '../onnx.generated.ts'
import { type GraphProto, type NodeProto } from '../onnxModel.ts'
import { DataType, tensor } from '../tensorValues.ts'
import { attribute, type Attributes } from './attributes.ts'
import { nameOf } from './refusal.ts'
import { areEqual, isStatic, type Shape } from './shape.ts'
import { ValueFacts } from './valueFacts.ts'

export class GraphWriter {
  readonly graph: GraphProto
  readonly facts: ValueFacts
  readonly #taken: Set<string>
  readonly #written = new Map<string, readonly string[]>()
  /**
   * The input of each Reshape written here: of two in a row only the second counts (and ONNX
   * Runtime 1.30 fails on both).
   */
  readonly #unshaped = new Map<string, string>()
  #counter = 0

  /**
   * @param graph extended in place
   * @param reserved nodes that will be added later, whose names are taken
   */
  constructor(graph: GraphProto, reserved: readonly NodeProto[] = []) {
    this.graph = graph
    this.facts = new ValueFacts(graph)
    this.#taken = new Set([
      ...graph.input.map((it) => it.name),
      ...graph.initializer.map((it) => it.name),
      ...[...graph.node, ...reserved].flatMap((it) => it.output),
    ])
  }

  /** A name that is not used in the graph yet. */
  unique(wanted: string): string {
    let name = wanted
    while (this.#taken.has(name)) name = `${wanted}_${this.#counter++}`
    this.#taken.add(name)
    return name
  }

  /** Writes a node and returns the name of its first output; never writes the same node twice. */
  add(opType: string, inputs: readonly string[], attributes: Attributes = {}): string {
    return this.addMany(opType, inputs, 1, attributes)[0] as string
  }

  /** Writes a node with several outputs. */
  addMany(
    opType: string,
    inputs: readonly string[],
    outputs: number,
    attributes: Attributes = {},
  ): readonly string[] {
    const given = Object.entries(attributes).map(([name, value]) => attribute(name, value))
    const said = given.map((it) => [
      it.name,
      it.i,
      it.f,
      it.s,
      it.ints,
      it.t?.rawData,
      it.t?.dataType,
    ])
    const key = JSON.stringify([opType, inputs, outputs, said], (_, value: unknown) =>
      typeof value === 'bigint' ? `${value}` : value,
    )
    const known = this.#written.get(key)
    if (known !== undefined) return known
    const name = this.unique(`gradient/${opType}_${this.#counter++}`)
    const output = [name]
    for (let i = 1; i < outputs; i++) output.push(this.unique(`${name}_${i}`))
    const node = create(NodeProtoSchema, {
      opType,
      name,
      input: [...inputs],
      output,
      attribute: given,
    })
    this.graph.node.push(node)
    this.facts.learn(node)
    this.#written.set(key, output)
    return output
  }

  /** Copies a value to one of the given name. */
  copy(value: string, name: string): void {
    this.graph.node.push(
      create(NodeProtoSchema, { opType: 'Identity', name, input: [value], output: [name] }),
    )
  }

  /** The node's output at `index`; adds it if the file leaves it out. */
  outputOf(node: NodeProto, index: number): string {
    while (node.output.length <= index) node.output.push('')
    if (node.output[index] === '') {
      node.output[index] = this.unique(`${node.output[0]}/output_${index}`)
      this.facts.learn(node)
    }
    return node.output[index] as string
  }

  /** An int64 constant: a list, or with `isScalar` a single number without dimensions. */
  integers(values: readonly number[], isScalar = false): string {
    return this.#constant(`int64 ${isScalar ? 'scalar' : 'list'} ${values.join()}`, (name) =>
      tensor(name, isScalar ? [] : [values.length], BigInt64Array.from(values, BigInt)),
    )
  }

  /** A number without dimensions, in the element type of another value. */
  scalar(value: number, like: string): string {
    const type = this.facts.type(like)
    if (type === DataType.DOUBLE) {
      return this.#constant(`float64 ${value}`, (name) =>
        create(TensorProtoSchema, { name, dataType: type, doubleData: [value] }),
      )
    }
    const single = this.#constant(`float32 ${value}`, (name) =>
      tensor(name, [], Float32Array.of(value)),
    )
    return type === DataType.FLOAT || type === DataType.UNDEFINED ? single : this.cast(single, type)
  }

  /** A float32 tensor of known values, in the element type of another value. */
  table(shape: readonly number[], values: Float32Array, like: string): string {
    const single = this.#constant(`table ${shape.join()} ${values.join()}`, (name) =>
      tensor(name, shape, values),
    )
    const type = this.facts.type(like)
    return type === DataType.FLOAT || type === DataType.UNDEFINED ? single : this.cast(single, type)
  }

  #constant(key: string, make: (name: string) => ReturnType<typeof tensor>): string {
    const known = this.#written.get(key)
    if (known !== undefined) return known[0] as string
    const name = this.unique(`gradient/constant_${this.#counter++}`)
    const made = make(name)
    this.graph.initializer.push(made)
    this.facts.learnTensor(name, made)
    this.#written.set(key, [name])
    return name
  }

  add2(a: string, b: string): string {
    return this.add('Add', [a, b])
  }

  sub(a: string, b: string): string {
    return this.add('Sub', [a, b])
  }

  mul(a: string, b: string): string {
    return this.add('Mul', [a, b])
  }

  div(a: string, b: string): string {
    return this.add('Div', [a, b])
  }

  neg(a: string): string {
    return this.add('Neg', [a])
  }

  /** factor · a. */
  scale(a: string, factor: number): string {
    if (factor === 1) return a
    return factor === -1 ? this.neg(a) : this.mul(a, this.scalar(factor, a))
  }

  /** a + number. */
  plus(a: string, number: number): string {
    return this.add2(a, this.scalar(number, a))
  }

  /** `value` where the condition holds, else 0. */
  keepWhere(condition: string, value: string): string {
    return this.add('Where', [condition, value, this.scalar(0, value)])
  }

  cast(a: string, type: number): string {
    return this.facts.type(a) === type ? a : this.add('Cast', [a], { to: type })
  }

  /** `a` in the element type of `like`. */
  castLike(a: string, like: string): string {
    const type = this.facts.type(like)
    return type === DataType.UNDEFINED ? this.add('CastLike', [a, like]) : this.cast(a, type)
  }

  matMul(a: string, b: string): string {
    return this.add('MatMul', [a, b])
  }

  transpose(a: string, permutation: readonly number[]): string {
    if (permutation.every((axis, i) => axis === i)) return a
    return this.add('Transpose', [a], { perm: permutation })
  }

  /**
   * Sums over the given axes, or all axes if there are none; keeps them with length 1 on request.
   */
  sum(a: string, axes: readonly number[] | undefined, keep: boolean): string {
    const inputs = axes === undefined ? [a] : [a, this.integers(axes)]
    return this.add('ReduceSum', inputs, { keepdims: Number(keep) })
  }

  /**
   * The shape of a value, or its dimensions [from, to), as an int64 list: a constant if it is
   * known.
   */
  shapeOf(a: string, from = 0, to?: number): string {
    const shape = this.facts.shape(a)?.slice(from, to)
    if (isStatic(shape)) return this.integers(shape)
    const range = {
      ...(from === 0 ? {} : { start: from }),
      ...(to === undefined ? {} : { end: to }),
    }
    return this.add('Shape', [a], range)
  }

  /** A shape of several parts: lists of known lengths, or names of int64 lists. */
  shape(...parts: readonly (readonly number[] | string)[]): string {
    const names = parts.map((it) => (typeof it === 'string' ? it : this.integers(it)))
    return names.length === 1 ? (names[0] as string) : this.add('Concat', names, { axis: 0 })
  }

  /** `a` in the shape given by an int64 list. */
  reshape(a: string, shape: string | readonly number[]): string {
    if (typeof shape !== 'string') return this.#reshape(a, this.integers(shape))
    const known = this.facts.integers(shape)
    return this.#reshape(a, this.#asConstant(known) ?? shape)
  }

  #reshape(a: string, target: string): string {
    // A target with zeros would copy the lengths of its direct input.
    const before =
      this.facts.integers(target)?.includes(0) === true ? undefined : this.#unshaped.get(a)
    const source = before ?? a
    const result = this.add('Reshape', [source, target])
    this.#unshaped.set(result, source)
    return result
  }

  /** `a`, which has as many scalars as `like`, in its shape. */
  reshapeLike(a: string, like: string): string {
    const [own, wanted] = [this.facts.shape(a), this.facts.shape(like)]
    if (own !== undefined && wanted !== undefined && areEqual(own, wanted)) return a
    const result = this.#reshape(a, this.#asConstant(wanted) ?? this.shapeOf(like))
    this.facts.hasShapeOf(result, like)
    return result
  }

  /**
   * A target of Reshape for a shape with at most one open dimension; -1 can't be told from lengths
   * of 0.
   */
  #asConstant(shape: Shape | undefined): string | undefined {
    if (shape === undefined || shape.includes(0)) return undefined
    const open = shape.filter((it) => typeof it === 'string' || it < 0).length
    if (open > 1) return undefined
    return this.integers(shape.map((it) => (typeof it === 'number' ? it : -1)))
  }

  /** `a` repeated to the shape of `like`. */
  expandLike(a: string, like: string): string {
    const [own, wanted] = [this.facts.shape(a), this.facts.shape(like)]
    if (own !== undefined && wanted !== undefined && areEqual(own, wanted)) return a
    const result = this.add('Expand', [a, this.shapeOf(like)])
    this.facts.hasShapeOf(result, like)
    return result
  }

  /** Zeros of a shape given by an int64 list, in the element type of `like`. */
  zeros(shape: string, like: string): string {
    const type = this.facts.type(like)
    const isDouble = type === DataType.DOUBLE
    const value = isDouble
      ? create(TensorProtoSchema, { dims: [1n], dataType: type, doubleData: [0] })
      : tensor('', [1], Float32Array.of(0))
    const result = this.add('ConstantOfShape', [shape], { value })
    return isDouble || type === DataType.FLOAT || type === DataType.UNDEFINED
      ? result
      : this.cast(result, type)
  }

  zerosLike(a: string): string {
    const result = this.zeros(this.shapeOf(a), a)
    this.facts.hasShapeOf(result, a)
    return result
  }

  /** The number of scalars of a value, in the element type of `like`. */
  sizeOf(a: string, like: string): string {
    const sizes = this.facts.sizes(a)
    if (sizes !== undefined)
      return this.scalar(
        sizes.reduce((all, it) => all * it, 1),
        like,
      )
    return this.castLike(this.add('Size', [a]), like)
  }

  /**
   * The number of dimensions of a value.
   * @throws HisoError MODEL_UNSUPPORTED if the file does not say
   */
  rankOf(a: string, node: NodeProto): number {
    return this.shapeWithin(a, node).length
  }

  /** The shape of a value, possibly with open lengths. @throws HisoError as `rankOf` */
  shapeWithin(a: string, node: NodeProto): Shape {
    const shape = this.facts.shape(a)
    if (shape !== undefined) return shape
    throw new HisoError('MODEL_UNSUPPORTED', {
      where: nameOf(node),
      what: `the gradient of ${node.opType} needs the number of dimensions of ${a}, which is not in the file`,
      remedy: 'Run onnx.shape_inference.infer_shapes on the model and save it again',
    })
  }
}
