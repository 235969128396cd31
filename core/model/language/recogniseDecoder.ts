/** Recognises the decoder in an ONNX graph. Refuses by name what forward passes cannot train. */
import { HisoError, own } from '../../base/index.ts'
import {
  DataType,
  decodeModel,
  dimensionsOf,
  elementTypeOf,
  factsOf,
  findWeights,
  SCALES_INPUT,
  SINGLE_NUMBER,
  float32Values,
  type GraphFacts,
  type GraphProto,
  integerAttribute,
  type ModelProto,
  namesReadBy,
  nodesBehind,
  shapeOf,
  tensor,
  type TensorProto,
  type ValueInfoProto,
} from '../../onnx/index.ts'
import type { Decoder, DecoderWeight } from './decoder.ts'
import { encoderStatesOf } from './encoder.ts'
import type { DecoderInputs, PastInput } from './languageGraph.ts'
import { linearLayers } from './linearLayers.ts'
import { roleOfWeight } from './weightRoles.ts'

const names = {
  tokens: /^(input_?ids|tokens?|ids|input)(\.\d+)?$/i,
  attention: /mask/i,
  positions: /position/i,
  types: /type/i,
  past: /past|cache.*(key|value)/i,
  kept: /logits_to_keep/i,
}

/**
 * @param valuesOf reads an initializer; from the file by default
 * @throws HisoError MODEL_UNSUPPORTED for inputs that we cannot supply, or if no output is a
 *   decoder's logits
 */
export function recogniseDecoder(
  model: ModelProto & { graph: GraphProto },
  valuesOf: Decoder['valuesOf'] = (tensor) => float32Values(tensor),
): Decoder {
  const { graph } = model
  keepAllLogits(graph)
  const facts = factsOf(graph)
  const inputs = inputsOf(graph)
  const dependents = valueDependents(graph, inputs.tokens)
  const states = encoderStatesOf(graph, dependents, (output) => widthOf(output, graph))
  const head = states === undefined ? logitsOf(graph, dependents) : undefined
  const logits = states?.output ?? head!.logits
  // Nodes after an encoder's states are no head.
  const all = linearLayers(graph, facts, dependents, head?.logits ?? '')
  const needed = new Set(nodesBehind(graph, logits).flatMap((it) => it.output))
  const linears = states === undefined ? all : all.filter((it) => needed.has(it.output))
  const { functions } = model
  const context = { graph, facts, functions, dependents, logits, features: { name: inputs.tokens } }
  const layers = new Map(linears.map((it) => [it.output, it]))
  const weights = findWeights(context).flatMap((found): DecoderWeight[] => {
    const { name, shape, size, tensor, origin } = found
    // The scale of attention, as exporters write it, is no part that anyone looks for.
    const isSingle = found.reason === SINGLE_NUMBER || found.reason === SCALES_INPUT
    if (isSingle && found.size === 1) return []
    const role = roleOfWeight(found, context, layers)
    const isConstant = role === undefined && found.reason === undefined
    const isNarrow = found.reason === undefined && tensor.dataType !== DataType.FLOAT
    const obstacle = isNarrow
      ? `${found.type} can't be trained yet, only float32`
      : isConstant
        ? 'is not a weight of a known part'
        : found.reason
    return [{ name, shape, size, role, obstacle, tensor, origin }]
  })
  // A table of token types has two rows, and is added as positions are.
  const positions = weights
    .filter((it) => it.role === 'position')
    .reduce<DecoderWeight | undefined>(
      (most, it) => (most === undefined || it.shape[0]! > most.shape[0]! ? it : most),
      undefined,
    )
  const words = weights.find((it) => it.role === 'embedding')
  return {
    model,
    facts,
    inputs,
    logits,
    states,
    vocabulary: head?.vocabulary ?? words?.shape[0] ?? 0,
    positions: positions === undefined ? anglesOf(graph) : positionsOf(positions.tensor, facts),
    weights,
    linears,
    valuesOf,
  }
}

/** Whether an ONNX file gives states instead of logits, as far as its outputs' names tell. */
export function isEncoder(bytes: Uint8Array): boolean {
  const { graph } = decodeModel(bytes)
  const all = new Set(graph.output.map((it) => it.name))
  return encoderStatesOf(graph, all, (output) => widthOf(output, graph)) !== undefined
}

function unsupported(what: string, remedy: string, where?: string): HisoError {
  return new HisoError('MODEL_UNSUPPORTED', {
    what,
    remedy,
    ...(where === undefined ? {} : { where }),
  })
}

const EXPORT_AGAIN = 'Export it with optimum-cli export onnx --task text-generation'

/**
 * Newer exports take the number of last places whose logits are computed. 0 stands for all: picks
 * come later in the graph.
 */
function keepAllLogits(graph: GraphProto): void {
  const asked = graph.input.find((it) => names.kept.test(it.name) && isInteger(it))
  if (asked === undefined) return
  graph.input = graph.input.filter((it) => it !== asked)
  const shape = (dimensionsOf(asked) ?? []).map(() => 1)
  graph.initializer.push(tensor(asked.name, shape, BigInt64Array.of(0n)))
}

function inputsOf(graph: GraphProto): DecoderInputs {
  const weights = new Set(graph.initializer.map((it) => it.name))
  const given = graph.input.filter((it) => !weights.has(it.name))
  const integers = given.filter((it) => isInteger(it))
  const named = (pattern: RegExp) => integers.find((it) => pattern.test(it.name))?.name
  const attention = named(names.attention)
  const positions = named(names.positions)
  const types = named(names.types)
  const others = integers.filter((it) => ![attention, positions, types].includes(it.name))
  const tokens = others.find((it) => names.tokens.test(it.name)) ?? others[0]
  if (tokens === undefined) {
    const list = given.map((it) => it.name).join(', ') || 'none'
    throw unsupported(
      `a decoder takes tokens as integers; the inputs of this model are ${list}`,
      EXPORT_AGAIN,
    )
  }
  const past: PastInput[] = []
  for (const input of given) {
    if ([tokens.name, attention, positions, types].includes(input.name)) continue
    past.push(pastOf(input))
  }
  return { tokens: tokens.name, attention, positions, types, past }
}

function isInteger(input: ValueInfoProto): boolean {
  const type = elementTypeOf(input)
  return type === DataType.INT64 || type === DataType.INT32
}

function pastOf(input: ValueInfoProto): PastInput {
  const dimensions = dimensionsOf(input)
  const [, heads, , headSize] = dimensions ?? []
  const fits = dimensions?.length === 4 && typeof heads === 'number' && typeof headSize === 'number'
  if (names.past.test(input.name) && fits && elementTypeOf(input) === DataType.FLOAT)
    return { name: input.name, heads, headSize }
  const isSwitch = elementTypeOf(input) === DataType.BOOL
  throw unsupported(
    isSwitch
      ? 'it is two models merged into one (with and without a cache), chosen by this input'
      : 'the model needs more than text provides: tokens, their mask, positions and types, and an empty cache',
    isSwitch
      ? 'Use decoder_model.onnx (or model.onnx exported without a cache) instead of the merged file'
      : EXPORT_AGAIN,
    input.name,
  )
}

/** All values that depend on the tokens themselves, not only on their number. */
function valueDependents(graph: GraphProto, tokens: string): Set<string> {
  const found = new Set([tokens])
  for (const node of graph.node) {
    if (node.opType === 'Shape' || node.opType === 'Size') continue
    if ([...namesReadBy(node)].some((it) => found.has(it)))
      for (const output of node.output) if (output !== '') found.add(output)
  }
  return found
}

function logitsOf(
  graph: GraphProto,
  dependents: ReadonlySet<string>,
): { readonly logits: string; readonly vocabulary: number } {
  const fits = graph.output.filter(
    (it) => dependents.has(it.name) && (dimensionsOf(it)?.length ?? 3) === 3,
  )
  const output = fits.find((it) => /logit|score/i.test(it.name)) ?? fits[0]
  const vocabulary = output === undefined ? undefined : widthOf(output, graph)
  if (output !== undefined && vocabulary !== undefined) return { logits: output.name, vocabulary }
  const list = graph.output.map((it) => it.name).join(', ')
  throw unsupported(
    `none of its outputs (${list}) is logits [rows, length, vocabulary]`,
    `${EXPORT_AGAIN}, which keeps the language model's head, or, for an encoder with a classifier on top, with --task feature-extraction`,
  )
}

/** The last dimension of the output or, if the file does not say, of the matrix behind it. */
function widthOf(output: ValueInfoProto, graph: GraphProto): number | undefined {
  const said = dimensionsOf(output)?.at(-1)
  if (typeof said === 'number') return said
  const facts = factsOf(graph)
  const producer = facts.producers.get(output.name)
  if (producer?.opType === 'MatMulNBits') return integerAttribute(producer, 'N')
  const shapes = (producer?.input ?? []).flatMap((name) => {
    const behind = facts.producers.get(name)?.input[0]
    const found = graph.initializer.find((it) => it.name === name || it.name === behind)
    return found === undefined ? [] : [shapeOf(found)]
  })
  return shapes.length === 0 ? undefined : Math.max(...shapes.flat())
}

/**
 * The input of an operator that rotates queries and keys with its table of cosines, one row per
 * position.
 */
const angleInputs: Readonly<Record<string, number>> = { RotaryEmbedding: 2, GroupQueryAttention: 7 }

/** How many tokens the tables of angles cover, if the graph has any. */
function anglesOf(graph: GraphProto): number | undefined {
  const tables = graph.node.map((it) => it.input[own(angleInputs, it.opType) ?? -1] ?? '')
  const table = graph.initializer.find((it) => it.name !== '' && tables.includes(it.name))
  return table === undefined ? undefined : shapeOf(table)[0]
}

/**
 * How many tokens a table of positions covers: a graph that adds to its positions leaves its first
 * rows unused, as OPT does.
 */
function positionsOf(table: TensorProto, facts: GraphFacts): number {
  const [rows = 0] = shapeOf(table)
  const addsTwo = (facts.uses.get(table.name) ?? []).some(
    ({ node }) => facts.producers.get(node.input[1] ?? '')?.opType === 'Add',
  )
  return addsTwo ? rows - 2 : rows
}
