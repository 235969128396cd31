/**
 * A convolutional graph in ONNX Runtime's own blocked layout. The runtime uses this layout only for
 * convolutions with constant weights. Here the weights are inputs, so this file writes the same
 * operators into the graph and feeds weights in blocked order. Whether that works and pays off on a
 * machine is decided where the session is opened.
 *
 * NCHWc: channels in blocks of c that lie together, [rows, channels / c, height, width, c], padded
 * with zeros to whole blocks. The operators are internal to ONNX Runtime (domain
 * com.microsoft.nchwc); c is 16 with AVX-512 and 8 elsewhere.
 */
import { biasPacking, convolutionPacking } from './blockedOrder.ts'
import {
  attribute,
  DataType,
  decodeModel,
  encodeModel,
  factsOf,
  type GraphFacts,
  type GraphProto,
  importOperators,
  integerAttribute,
  namesReadBy,
  node as newNode,
  type NodeProto,
  valueInfo,
} from '../onnx/index.ts'
import type { Packing, Trainable, TrainableGraph } from './trainableGraph.ts'

const DOMAIN = 'com.microsoft.nchwc'

/** The runtime reorders plain values in groups of this many channels. */
const REORDERED_CHANNELS = 4

const pools = new Set(['MaxPool', 'AveragePool'])

/**
 * Operators that treat all elements alike and never turn a zero into an infinity, so padding stays
 * harmless.
 */
const elementwise = new Set([
  ...['Relu', 'LeakyRelu', 'Elu', 'Sigmoid', 'HardSigmoid', 'Tanh', 'Clip', 'Identity'],
])

/**
 * The same graph with its convolutions, and everything between them, in blocked layout. Its losses
 * differ by rounding only.
 *
 * @param block c
 * @returns undefined if no 2-d convolution has trained weights
 */
export function blockConvolutions(
  graph: TrainableGraph,
  block: number,
): TrainableGraph | undefined {
  const model = decodeModel(graph.bytes)
  const blocking = new Blocking(graph.trainables, model.graph, block)
  for (const node of model.graph.node) blocking.add(node)
  for (const { name } of model.graph.output) blocking.restore(name)
  const { nodes, packings } = blocking
  if (packings.size === 0) return undefined
  // Shapes of inner values are hints, and many of these values no longer exist.
  model.graph.valueInfo = []
  model.graph.node = nodes
  model.graph.input = model.graph.input.map((input) => {
    const packing = packings.get(input.name)
    return packing === undefined ? input : valueInfo(input.name, DataType.FLOAT, packing.shape)
  })
  importOperators(model, DOMAIN, 1)
  const trainables = graph.trainables.map((it): Trainable => {
    const packing = packings.get(it.name)
    return packing === undefined ? it : { ...it, packing }
  })
  return { ...graph, trainables, bytes: encodeModel(model) }
}

/** A value in blocked layout, under another name. */
interface Blocked {
  readonly name: string
  readonly channels: number
  /** The convolution that makes it, if only one other node reads it. */
  readonly convolution?: NodeProto
}

/** Visits a graph's nodes in order and writes those of the blocked graph. */
class Blocking {
  readonly nodes: NodeProto[] = []
  /** By the trainable's name. */
  readonly packings = new Map<string, Packing>()
  readonly #shapes: ReadonlyMap<string, readonly number[]>
  readonly #facts: GraphFacts
  readonly #outputs: ReadonlySet<string>
  readonly #block: number
  readonly #blocked = new Map<string, Blocked>()
  readonly #restored = new Set<string>()

  constructor(trainables: readonly Trainable[], graph: GraphProto, block: number) {
    this.#shapes = new Map(trainables.map((it) => [it.name, it.shape]))
    this.#facts = factsOf(graph)
    this.#outputs = new Set(graph.output.map((it) => it.name))
    this.#block = block
  }

  /** Adds the next node of the plain graph; may change it in place. */
  add(node: NodeProto): void {
    if (this.#convolution(node) || this.#fusedRelu(node) || this.#between(node)) return
    for (const name of namesReadBy(node)) this.restore(name)
    this.nodes.push(node)
  }

  /** Brings a value back from blocked layout under its own name; does nothing for others. */
  restore(name: string): void {
    const blocked = this.#blocked.get(name)
    if (blocked === undefined || this.#restored.has(name)) return
    this.#restored.add(name)
    const { channels } = blocked
    this.nodes.push(newNode('ReorderOutput', [blocked.name], name, { channels }, DOMAIN))
  }

  /** An ordinary or depthwise convolution with trained weights that nothing else reads. */
  #convolution(node: NodeProto): boolean {
    const [x = '', weight = '', bias] = node.input
    const shape = node.opType === 'Conv' ? this.#shapeOf(weight) : undefined
    if (shape?.length !== 4 || (bias !== undefined && !this.#shapeOf(bias))) return false
    const [outputs, inputs] = shape as [number, number]
    const groups = integerAttribute(node, 'group') ?? 1
    const isDepthwise = groups > 1 && groups === outputs && inputs === 1
    if (groups > 1 && !isDepthwise) return false

    // Fewer channels than a block are read in the plain layout.
    const isDirect = groups === 1 && inputs < this.#block && !this.#blocked.has(x)
    const source = isDirect ? x : this.#inBlocks(x, inputs * groups)
    if (source === undefined) return false
    const inputBlock = isDirect || isDepthwise ? 1 : this.#block
    const packing = convolutionPacking(shape, this.#block, inputBlock)
    this.packings.set(weight, packing)
    if (bias !== undefined && outputs % this.#block !== 0)
      this.packings.set(bias, biasPacking(outputs, this.#block))
    if (isDepthwise) {
      node.attribute = node.attribute.filter((it) => it.name !== 'group')
      node.attribute.push(attribute('group', packing.shape[0] as number))
    }
    this.#write(node, [source, ...node.input.slice(1)], outputs, DOMAIN)
    return true
  }

  /** A Relu that the convolution before it takes over. */
  #fusedRelu(node: NodeProto): boolean {
    const [x = ''] = node.input
    const { convolution, ...blocked } = this.#blocked.get(x) ?? {}
    if (node.opType !== 'Relu' || convolution === undefined) return false
    convolution.attribute.push(attribute('activation', 'Relu'))
    this.#blocked.set(node.output[0] as string, blocked as Blocked)
    return true
  }

  /** Operators that can stay in blocked layout between convolutions. */
  #between(node: NodeProto): boolean {
    const sources = node.input.map((it) => this.#blocked.get(it))
    const [first] = sources
    if (first === undefined || node.output.length !== 1) return false
    const isPool = pools.has(node.opType)
    if (node.opType === 'Add') {
      if (sources[1]?.channels !== first.channels) return false
    } else if (!isPool && !elementwise.has(node.opType)) return false
    const inputs = node.input.map((name, i) => sources[i]?.name ?? name)
    this.#write(node, inputs, first.channels, isPool ? DOMAIN : '')
    return true
  }

  /** Writes a node that works on blocked values. */
  #write(node: NodeProto, inputs: readonly string[], channels: number, domain: string): void {
    const [output] = node.output as [string]
    const name = `${output} (blocked)`
    node.domain = domain
    node.name = name
    node.input = [...inputs]
    node.output = [name]
    this.nodes.push(node)
    const isReadOnce = this.#facts.uses.get(output)?.length === 1 && !this.#isReadElsewhere(output)
    const convolution = node.opType === 'Conv' && isReadOnce ? { convolution: node } : {}
    this.#blocked.set(output, { name, channels, ...convolution })
  }

  /**
   * The name of a value in blocked layout; converts it if that is possible and has not happened
   * yet.
   */
  #inBlocks(name: string, channels: number): string | undefined {
    const found = this.#blocked.get(name)
    if (found !== undefined) return found.name
    if (channels % REORDERED_CHANNELS !== 0) return undefined
    const blocked = { name: `${name} (blocked)`, channels }
    this.nodes.push(newNode('ReorderInput', [name], blocked.name, {}, DOMAIN))
    this.#blocked.set(name, blocked)
    this.#restored.add(name)
    return blocked.name
  }

  /** The shape of a trainable that only one node reads; undefined for anything else. */
  #shapeOf(name: string): readonly number[] | undefined {
    const isOwn = this.#facts.uses.get(name)?.length === 1 && !this.#isReadElsewhere(name)
    return isOwn ? this.#shapes.get(name) : undefined
  }

  #isReadElsewhere(name: string): boolean {
    return this.#outputs.has(name) || this.#facts.usedBySubgraphs.has(name)
  }
}
