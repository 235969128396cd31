/** Writes the nodes of a grouped graph, and knows which of its values are weights or moved rows. */
import {
  type AttributeValue,
  factsOf,
  type GraphFacts,
  type GraphProto,
  namesReadBy,
  node as newNode,
  type NodeProto,
  tensor,
  uniqueNames,
} from '../../onnx/index.ts'

/** A weight of every probe of the group. */
export type ProbedWeight = WeightProduct | WeightStack

/** base + left · right: base [rows, columns] is common to all. */
export interface WeightProduct {
  readonly kind: 'product'
  readonly base: string
  /** [groups, rows, rank] */
  readonly left: string
  /** [groups, rank, columns] */
  readonly right: string
  /** Of the base, whose axes from the second on are the columns. */
  readonly shape: readonly number[]
  readonly rows: number
  readonly columns: number
}

interface WeightStack {
  readonly kind: 'stack'
  /** [groups, …shape] */
  readonly name: string
  readonly shape: readonly number[]
}

/** Why a graph can't be grouped, as a sentence without its full stop. */
export class Obstacle extends Error {}

export class GroupWriter {
  readonly nodes: NodeProto[] = []
  readonly graph: GraphProto
  readonly facts: GraphFacts
  /** By name in the plain graph. */
  readonly weights = new Map<string, ProbedWeight>()
  /** Values that differ from probe to probe, with rows on their first axis. */
  readonly moved = new Set<string>()
  /**
   * Parts of weights that stand at every row, by name in the plain graph: [groups, …], of a shape
   * that only a run tells.
   */
  readonly spread = new Map<string, string>()
  readonly unique: (name: string) => string
  readonly #rows: ReadonlySet<string>
  readonly #constants = new Map<string, string>()
  readonly #shapes = new Map<string, string>()
  #groups = ''
  #one: string | undefined

  /** @param data inputs with the minibatch */
  constructor(graph: GraphProto, data: readonly string[]) {
    this.graph = graph
    this.facts = factsOf(graph)
    this.unique = uniqueNames(graph)
    this.#rows = rowsFrom(graph, data)
  }

  /** Adds what counts the probes of a group. @param stacked has them on its first axis */
  findGroups(stacked: string): void {
    this.#groups = this.firstDimension(stacked)
  }

  /** Whether a value depends on what the minibatch holds, not on its shape alone. */
  isRows(name: string): boolean {
    return this.#rows.has(name)
  }

  /** Adds a node. @returns its output */
  add(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
    output = this.unique(`grouped_${op.toLowerCase()}`),
  ): string {
    this.nodes.push(newNode(op, inputs, output, attributes))
    return output
  }

  /** Adds the node that makes a moved value of the plain graph. */
  finish(op: string, inputs: readonly string[], { output: [output] }: NodeProto): void {
    this.moved.add(output!)
    this.add(op, inputs, {}, output)
  }

  /** A constant int64 [length]. */
  integers(...values: readonly number[]): string {
    const key = values.join()
    const made = this.#constants.get(key)
    if (made !== undefined) return made
    const name = this.unique(`grouped_integers`)
    this.#constants.set(key, name)
    this.graph.initializer.push(tensor(name, [values.length], BigInt64Array.from(values, BigInt)))
    return name
  }

  floats(shape: readonly number[], values: Float32Array): string {
    const name = this.unique('grouped_floats')
    this.graph.initializer.push(tensor(name, shape, values))
    return name
  }

  /** The groups as int64 [1]. */
  get groups(): string {
    return this.#groups
  }

  /** The length of the first axis, int64 [1]. */
  firstDimension(name: string): string {
    return this.add('Slice', [this.add('Shape', [name]), this.integers(0), this.integers(1)])
  }

  /** [groups, …dimensions] as a shape; one of them may be −1. */
  shape(...dimensions: readonly number[]): string {
    const key = dimensions.join()
    const made = this.#shapes.get(key)
    if (made !== undefined) return made
    const inputs = [this.#groups, this.integers(...dimensions)]
    const shape = this.add('Concat', inputs, { axis: 0 })
    this.#shapes.set(key, shape)
    return shape
  }

  /** [groups, −1, …tail] of a value with rows on its first axis. */
  intoGroups(name: string, ...tail: readonly number[]): string {
    return this.add('Reshape', [name, this.shape(-1, ...tail)])
  }

  /** [groups, rows of each, −1] of a value with rows on its first axis. */
  intoRows(name: string): string {
    const each = this.add('Div', [this.firstDimension(name), this.#groups])
    const shape = this.add('Concat', [this.#groups, each, this.integers(-1)], { axis: 0 })
    return this.add('Reshape', [name, shape])
  }

  /** The rows of the first group, [1, …]: all others are the same before the first weight. */
  firstGroup(grouped: string): string {
    return this.add('Slice', [grouped, this.integers(0), this.integers(1), this.integers(0)])
  }

  /** [groups, rows, n] with a column of ones behind. */
  withColumnOfOnes(grouped: string): string {
    this.#one ??= this.floats([], Float32Array.of(1))
    return this.add('Pad', [grouped, this.integers(0, 0, 0, 0, 0, 1), this.#one])
  }

  /** A value in the shape of another. */
  shapedLike(name: string, other: string): string {
    return this.add('Reshape', [name, this.add('Shape', [other])])
  }

  /** Where the rows of each probe begin in a table of all: int64 [groups, 1]. */
  firstRows(rows: number): string {
    const found = this.#shapes.get(`first ${rows}`)
    if (found !== undefined) return found
    const zero = this.add('Squeeze', [this.integers(0)])
    const one = this.add('Squeeze', [this.integers(1)])
    const groups = this.add('Range', [zero, this.add('Squeeze', [this.#groups]), one])
    const places = this.add('Mul', [groups, this.integers(rows)])
    const first = this.add('Reshape', [places, this.integers(-1, 1)])
    this.#shapes.set(`first ${rows}`, first)
    return first
  }

  /** A weight of every probe in full, [groups, …shape]. */
  stackOf(weight: ProbedWeight): string {
    if (weight.kind === 'stack') return weight.name
    const product = this.add('MatMul', [weight.left, weight.right])
    const shaped =
      weight.shape.length === 2
        ? product
        : this.add('Reshape', [product, this.shape(...weight.shape)])
    return this.add('Add', [shaped, weight.base])
  }

  /** A stacked vector that is added to or multiplied with rows: [groups, 1, size]. */
  rowOf(weight: ProbedWeight, size: number): string {
    return this.add('Reshape', [this.stackOf(weight), this.shape(1, size)])
  }
}

/** All values that depend on the inputs otherwise than by their shape. */
function rowsFrom(graph: GraphProto, inputs: readonly string[]): Set<string> {
  const found = new Set(inputs)
  for (const node of graph.node) {
    if (node.opType === 'Shape' || node.opType === 'Size') continue
    if ([...namesReadBy(node)].some((it) => found.has(it)))
      for (const output of node.output) if (output !== '') found.add(output)
  }
  return found
}
