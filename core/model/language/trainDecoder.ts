/**
 * Makes a trainable graph of a recognised decoder: chosen weights become inputs, and the loss of
 * chosen tokens becomes the output.
 */
import { HisoError } from '../../base/index.ts'
import { globMatcher } from '../globMatcher.ts'
import {
  DataType,
  encodeModel,
  type GraphProto,
  nodesBehind,
  opsetOf,
  shapeOf,
  sizeOf,
  tensor,
  uniqueNames,
  valueInfo,
} from '../../onnx/index.ts'
import { lossHead } from '../lossHead.ts'
import type { Trainable } from '../trainableGraph.ts'
import type { Decoder, DecoderWeight } from './decoder.ts'
import type { NamedTensor } from './graphRunner.ts'
import type { LanguageGraph } from './languageGraph.ts'
import { addClassifier, classifierWeights, pickRows } from './classifierHead.ts'
import { addLora, type AddedWeight, type LoraSettings } from './lora.ts'
import { canBeHalf, toFloat16, widenHalves } from './halfWeights.ts'
import { pickHead } from './pickHead.ts'

/** Which parameters to train. */
export type TrainableSet =
  | { readonly kind: 'full' }
  | ({ readonly kind: 'lora' } & LoraSettings)
  | { readonly kind: 'head' }
  | { readonly kind: 'pattern'; readonly names: readonly string[] }

export interface TrainDecoderOptions {
  readonly trainables: TrainableSet
  /** The tokens among which the model chooses its answer; absent if answers are texts. */
  readonly candidates?: readonly number[]
  /** Of the run: decides the start of LoRA's matrices. */
  readonly seed: number
  /** How held weights are kept, where their operators allow it; float32 if left out. */
  readonly frozen?: 'float32' | 'float16'
}

/**
 * Frozen weights beyond this size are sent with every run instead of being written into the file:
 * the runtime would hold the file, its own copy and a packed one. At a few hundred tokens per run
 * sent weights cost no time, and protobuf ends at 2 GiB anyway.
 */
const LARGEST_FILE_BYTES = 64 * 2 ** 20

/**
 * The graph with the chosen parameters as inputs. Consumes the decoder: its graph becomes the new
 * one.
 *
 * @throws HisoError MODEL_NOT_TRAINABLE if nothing fits; MODEL_UNSUPPORTED for a frozen weight that
 *   float16 can't hold
 */
export function trainDecoder(decoder: Decoder, options: TrainDecoderOptions): LanguageGraph {
  const { model, valuesOf } = decoder
  const { graph } = model
  const opset = opsetOf(model)
  const unique = uniqueNames(graph)
  const picks = unique('picks')
  const targets = unique('targets')
  const { chosen, added, classifier } = select(decoder, options, unique)
  const logits =
    classifier === undefined
      ? pickHead(decoder, picks, options.candidates, unique).logits
      : classifyPicks(decoder, classifier, picks, unique)
  const width = options.candidates?.length ?? decoder.vocabulary
  const losses = unique('losses')
  const head = lossHead({ logits, labels: targets, losses }, width, opset, unique)
  graph.node.push(...head.nodes)
  graph.initializer.push(...head.constants)
  graph.output = [
    valueInfo(losses, DataType.FLOAT, ['picks']),
    valueInfo(logits, DataType.FLOAT, ['picks', width]),
  ]
  takeOut(graph, chosen)
  keepNeeded(graph, [losses, logits])
  const held = embed(graph, valuesOf, added, options.frozen === 'float16')
  widenHalves(graph, held)
  const placed = layOut(chosen, valuesOf, added)
  graph.valueInfo = []
  const { inputs } = decoder
  graph.input = [
    ...graph.input.filter((it) => isDecoderInput(it.name, decoder)),
    ...[picks, targets].map((it) => valueInfo(it, DataType.INT64, ['picks'])),
    ...Object.entries(held).map(([name, it]) => valueInfo(name, elementType(it), it.shape)),
    ...placed.trainables.map((it) => valueInfo(it.name, DataType.FLOAT, it.shape)),
  ]
  const used = new Set(graph.node.flatMap((it) => it.input))
  graph.input = graph.input.filter((it) => used.has(it.name))
  if (model.irVersion < 4n) model.irVersion = 4n
  const known = (name: string | undefined) =>
    name !== undefined && used.has(name) ? name : undefined
  const bytes = encodeModel(model)
  // The weights are now in the bytes, or held.
  graph.initializer = []
  return {
    bytes,
    inputs: {
      tokens: inputs.tokens,
      attention: known(inputs.attention),
      positions: known(inputs.positions),
      types: known(inputs.types),
      past: inputs.past.filter((it) => used.has(it.name)),
    },
    picks,
    targets,
    losses,
    logits,
    vocabulary: decoder.vocabulary,
    positions: decoder.positions,
    candidates: options.candidates,
    held,
    ...placed,
  }
}

/**
 * What `trainDecoder` would train, without the memory for the weights: for models that are examined
 * and not run. Consumes the decoder as well.
 *
 * @throws HisoError as `trainDecoder`
 */
export function planDecoder(
  decoder: Decoder,
  options: TrainDecoderOptions,
): Pick<LanguageGraph, 'trainables' | 'dim'> {
  const { chosen, added } = select(decoder, options, uniqueNames(decoder.model.graph))
  const { trainables, dim } = layOut(chosen, decoder.valuesOf, added)
  return { trainables, dim }
}

interface Selected {
  readonly chosen: readonly DecoderWeight[]
  readonly added: readonly AddedWeight[]
  /** Of an encoder: always trained, and the last of `added`. */
  readonly classifier: ReturnType<typeof classifierWeights> | undefined
}

/** What is planned for where no template says how many classes there are. */
const usualClasses = 2

function select(
  decoder: Decoder,
  { trainables: set, seed, candidates }: TrainDecoderOptions,
  unique: (name: string) => string,
): Selected {
  refuseSharedSteps(decoder)
  const { states, weights } = decoder
  const classifier =
    states && classifierWeights(states, candidates?.length ?? usualClasses, seed, unique)
  const onTop = classifier ?? []
  switch (set.kind) {
    case 'lora':
      return { chosen: [], added: [...addLora(decoder, set, seed, unique), ...onTop], classifier }
    case 'head':
      return {
        chosen: classifier === undefined ? chooseWeights(weights, headOnly) : [],
        added: onTop,
        classifier,
      }
    default:
      return { chosen: chooseWeights(weights, set), added: onTop, classifier }
  }
}

function classifyPicks(
  decoder: Decoder,
  [matrix, bias]: ReturnType<typeof classifierWeights>,
  picks: string,
  unique: (name: string) => string,
): string {
  const logits = addClassifier(decoder, decoder.states!, [matrix.name, bias.name], unique)
  return pickRows(decoder, logits, picks, unique)
}

const headOnly = { kind: 'pattern', names: ['role:head'] } as const

/** @throws HisoError MODEL_NOT_TRAINABLE if rows that run together change each other's loss */
function refuseSharedSteps({ model: { graph } }: Decoder): void {
  const shared = graph.node.find((it) => it.opType === 'DynamicQuantizeLinear')
  if (shared === undefined) return
  const integers = graph.node.filter((it) => /^(MatMul|Conv)Integer$/.test(it.opType))
  const names = integers.map((it) => it.input[1] ?? '')
  throw new HisoError('MODEL_NOT_TRAINABLE', {
    where: shared.name === '' ? shared.opType : shared.name,
    what: `DynamicQuantizeLinear rounds the inputs of ${names.length} layers of eight bits (${listOf(names)}) in steps that all rows share, so a row's loss depends on the rows beside it`,
    remedy:
      'Use the same model in float32, in float16 or in four bits (MatMulNBits, which LoRA can train beside)',
  })
}

function isDecoderInput(name: string, { inputs }: Decoder): boolean {
  const { tokens, attention, positions, types, past } = inputs
  return [tokens, attention, positions, types, ...past.map((it) => it.name)].includes(name)
}

function chooseWeights(
  weights: readonly DecoderWeight[],
  set: Exclude<TrainableSet, { readonly kind: 'lora' | 'head' }>,
): DecoderWeight[] {
  const matchers = set.kind === 'full' ? undefined : set.names.map(globMatcher)
  const wanted = weights.filter(
    ({ name, role }) =>
      matchers === undefined ||
      matchers.some((matches) => matches(name)) ||
      (role !== undefined && set.kind === 'pattern' && set.names.includes(`role:${role}`)),
  )
  const quantised = wanted.find((it) => it.obstacle?.startsWith('quantised') === true)
  if (quantised !== undefined)
    throw new HisoError('MODEL_NOT_TRAINABLE', {
      where: quantised.name,
      what: `the weight is ${quantised.obstacle}, so ${set.kind === 'full' ? "the model can't be trained in full" : "it can't be trained"}`,
      remedy:
        'Choose task.trainables.kind: lora, which trains small float matrices beside the quantised ones, or use a model in float32 or float16',
    })
  const chosen = wanted.filter((it) => it.obstacle === undefined)
  if (chosen.length > 0) return chosen
  throw new HisoError('MODEL_NOT_TRAINABLE', {
    where: 'task.trainables',
    what:
      set.kind === 'full'
        ? 'the model has no float weights to train'
        : `no weight is called ${set.names.join(' or ')}`,
    remedy: `The weights are ${listOf(weights.filter((it) => it.obstacle === undefined).map((it) => it.name))}`,
  })
}

function listOf(names: readonly string[]): string {
  const shown = names.slice(0, 12).join(', ')
  return names.length > 12 ? `${shown} and ${names.length - 12} more` : shown || 'none'
}

function takeOut(graph: GraphProto, chosen: readonly DecoderWeight[]): void {
  const names = new Set(chosen.map((it) => it.name))
  graph.initializer = graph.initializer.filter((it) => !names.has(it.name))
  graph.node = graph.node.filter(
    (it) => !(it.opType === 'Constant' && names.has(it.output[0] ?? '')),
  )
}

/** Keeps what the loss depends on, in an order in which each value exists before it is read. */
function keepNeeded(graph: GraphProto, outputs: readonly string[]): void {
  const needed = new Set(outputs.flatMap((it) => nodesBehind(graph, it)))
  graph.node = graph.node.filter((it) => needed.has(it))
  const read = new Set(graph.node.flatMap((it) => it.input))
  graph.initializer = graph.initializer.filter((it) => read.has(it.name) || usedInside(graph))
}

/** Sub-graphs may read any initializer: if there are any, all stay. */
function usedInside(graph: GraphProto): boolean {
  return graph.node.some((it) => it.attribute.some(({ g }) => g !== undefined))
}

/**
 * Gives declared initializers their data; returns what is too large for one file, to be sent
 * instead.
 */
function embed(
  graph: GraphProto,
  valuesOf: Decoder['valuesOf'],
  added: readonly AddedWeight[],
  isHalf: boolean,
): Record<string, NamedTensor> {
  const names = new Set(added.map((it) => it.name))
  const held: Record<string, NamedTensor> = {}
  let bytes = 0
  graph.initializer = graph.initializer
    .filter((it) => !names.has(it.name))
    .flatMap((it) => {
      const shape = shapeOf(it)
      const own = 4 * sizeOf(shape)
      const isFloat = it.dataType === DataType.FLOAT
      if (bytes + own > LARGEST_FILE_BYTES && isFloat) {
        const values = valuesOf(it)
        const data = isHalf && canBeHalf(graph, it.name) ? toFloat16(values, it.name) : values
        held[it.name] = { data, shape }
        return []
      }
      bytes += own
      const isDeclared = isFloat && it.rawData.length === 0 && it.floatData.length === 0
      return isDeclared ? [tensor(it.name, shape, valuesOf(it))] : [it]
    })
  return held
}

const elementType = ({ data }: NamedTensor) =>
  data instanceof Uint16Array ? DataType.FLOAT16 : DataType.FLOAT

function layOut(
  chosen: readonly DecoderWeight[],
  valuesOf: Decoder['valuesOf'],
  added: readonly AddedWeight[],
): Pick<LanguageGraph, 'trainables' | 'dim' | 'initialParams' | 'initialTensors'> {
  const parts = [
    ...chosen.map(({ name, shape, size, tensor }) => ({
      ...{ name, shape, size },
      fill: (out: Float32Array) => {
        const values = valuesOf(tensor, out)
        if (values !== out) out.set(values)
      },
    })),
    ...added,
  ]
  let dim = 0
  const trainables = parts.map(({ name, shape, size }): Trainable => {
    const offset = dim
    dim += size
    return { name, shape, size, offset }
  })
  return {
    trainables,
    dim,
    *initialTensors() {
      for (const part of parts) {
        const values = new Float32Array(part.size)
        part.fill(values)
        yield values
      }
    },
    initialParams(params = new Float32Array(dim)) {
      parts.forEach((part, i) => {
        const { offset, size } = trainables[i]!
        part.fill(params.subarray(offset, offset + size))
      })
      return params
    },
  }
}
