/**
 * What was done to the raw values of a file before training saw them, as the first operators of a
 * graph: the exported model takes the numbers that stand in the file.
 */
import { create } from '@bufbuild/protobuf'
import { z } from 'zod'
import { HisoError, parseJson } from '../base/index.ts'
import { doubleColumns, preprocessingSchema, type Preprocessing } from '../data/index.ts'
import {
  DataType,
  elementTypeOf,
  node,
  setElementType,
  StringStringEntryProtoSchema,
  shapeOf,
  sizeOf,
  tensor,
  typeName,
  uniqueNames,
  type GraphProto,
  type ModelProto,
} from '../onnx/index.ts'

const KEY = 'hiso.preprocessing'

interface Recorded {
  readonly preprocessing: Preprocessing
  /** Whether the graph does it itself. */
  readonly inGraph: boolean
  /** Names of the constants: what is subtracted, and what the difference is multiplied by. */
  readonly shift?: string
  readonly scale?: string
}

/**
 * The value's shift and factor: (v − shift) · scale, one each, or one for every value of a sample.
 */
function linearOf(preprocessing: Preprocessing): {
  readonly shift: readonly number[]
  readonly scale: readonly number[]
} {
  const inverse = (deviation: number) => (deviation === 0 ? 0 : 1 / deviation)
  if (preprocessing.kind === 'pixels') {
    const { mean, std } = preprocessing
    return { shift: [255 * mean], scale: [inverse(255 * std)] }
  }
  return { shift: preprocessing.mean, scale: preprocessing.std.map(inverse) }
}

/**
 * Puts the preprocessing before everything else in the graph, in place, and notes it in the model's
 * metadata; with `isBare` only the note.
 *
 * @param features the input's name, which stays
 * @param shape of one sample
 */
export function preprocessInput(
  model: ModelProto & { graph: GraphProto },
  features: string,
  shape: readonly number[],
  preprocessing: Preprocessing,
  isBare: boolean,
): void {
  const { graph } = model
  if (isBare) {
    note(model, { preprocessing, inGraph: false })
    return
  }
  const unique = uniqueNames(graph)
  const [shift, scale] = [unique(`${features}_shift`), unique(`${features}_scale`)]
  const [centred, scaled] = [unique(`${features}_centred`), unique(`${features}_scaled`)]
  renameInput(graph, features, scaled)
  const linear = linearOf(preprocessing)
  const isDouble = doubleColumns(preprocessing).length > 0
  const arrays = isDouble ? Float64Array : Float32Array
  const constant = (name: string, values: readonly number[]) =>
    tensor(name, values.length === sizeOf(shape) ? shape : [1], arrays.from(values))
  graph.initializer.push(constant(shift, linear.shift), constant(scale, linear.scale))
  const exact = isDouble ? unique(`${features}_scaled_float64`) : scaled
  graph.node.unshift(
    node('Sub', [features, shift], centred),
    node('Mul', [centred, scale], exact),
    ...(isDouble ? [node('Cast', [exact], scaled, { to: DataType.FLOAT })] : []),
  )
  if (isDouble) setInputType(graph, features, DataType.DOUBLE)
  note(model, { preprocessing, inGraph: true, shift, scale })
}

function setInputType(graph: GraphProto, features: string, type: number): void {
  for (const input of graph.input) if (input.name === features) setElementType(input, type)
}

/**
 * Lets a graph that takes another float type take float32, in place.
 * @returns what that means, for people
 */
export function acceptFloat32(graph: GraphProto): string[] {
  const weights = new Set(graph.initializer.map((it) => it.name))
  return graph.input.flatMap((input) => {
    const type = elementTypeOf(input)
    if (weights.has(input.name) || !otherFloats.has(type)) return []
    const converted = uniqueNames(graph)(`${input.name}_${typeName(type)}`)
    renameInput(graph, input.name, converted)
    graph.node.unshift(node('Cast', [input.name], converted, { to: type }))
    setElementType(input, DataType.FLOAT)
    return [`Its input is ${typeName(type)}; training gives it float32`]
  })
}

const otherFloats = new Set<number>([DataType.FLOAT16, DataType.BFLOAT16, DataType.DOUBLE])

function renameInput(graph: GraphProto, from: string, to: string): void {
  for (const each of graph.node) {
    each.input = each.input.map((name) => (name === from ? to : name))
    for (const { g, graphs } of each.attribute)
      for (const body of g === undefined ? graphs : [g, ...graphs]) renameInput(body, from, to)
  }
}

function note(model: ModelProto, recorded: Recorded): void {
  setMetadata(model, KEY, JSON.stringify(recorded))
}

/** Sets an entry of the file's metadata. */
export function setMetadata(model: ModelProto, key: string, value: string): void {
  model.metadataProps = [
    ...model.metadataProps.filter((it) => it.key !== key),
    create(StringStringEntryProtoSchema, { key, value }),
  ]
}

/**
 * Makes a model that we exported take values that a dataset has scaled already: its own scaling is
 * replaced by what is left to do, in place. Other models stay as they are.
 *
 * @returns what was done, for people
 * @throws HisoError MODEL_UNSUPPORTED where the model's columns are others than the data's, or its
 *   scaling is not found; MODEL_INVALID where its note can't be read
 */
export function acceptScaled(
  model: ModelProto & { graph: GraphProto },
  own: Preprocessing | undefined,
): readonly string[] {
  const recorded = readNote(model)
  if (recorded === undefined || own === undefined) return []
  checkColumns(recorded.preprocessing, own)
  const { shift, scale, inGraph } = recorded
  const constants = [shift, scale].map((name) =>
    model.graph.initializer.find((it) => it.name === name),
  )
  const [shiftTensor, scaleTensor] = constants
  if (!inGraph) return []
  const before = linearOf(recorded.preprocessing)
  const now = linearOf(own)
  const at = (values: readonly number[], index: number) => values[index] ?? values[0]!
  const length = Math.max(before.shift.length, now.shift.length)
  if (
    shiftTensor === undefined ||
    scaleTensor === undefined ||
    ![1, length].includes(sizeOf(shapeOf(shiftTensor)))
  )
    throw new HisoError('MODEL_UNSUPPORTED', {
      where: 'task.model',
      what: 'the model scales raw values itself, and the constants that do so are not where its metadata says',
      remedy: 'Give the file as it was exported, or export it bare: hiso export --raw',
    })
  // s = (v − b)·c is what comes in, (v − a)·k what the graph wants: (s − (a − b)·c)·(k / c).
  const rest = Array.from({ length }, (_, index) => {
    const [a, k] = [at(before.shift, index), at(before.scale, index)]
    const [b, c] = [at(now.shift, index), at(now.scale, index)]
    return c === 0 ? { shift: (a - b) * k, scale: 1 } : { shift: (a - b) * c, scale: k / c }
  })
  const dims = length === 1 ? [1] : shiftTensor.dims.map(Number)
  const write = (name: string, values: readonly number[]) =>
    tensor(name, dims, Float32Array.from(values))
  model.graph.initializer = model.graph.initializer.map((it) => {
    if (it === shiftTensor)
      return write(
        it.name,
        rest.map((each) => each.shift),
      )
    return it === scaleTensor
      ? write(
          it.name,
          rest.map((each) => each.scale),
        )
      : it
  })
  model.metadataProps = model.metadataProps.filter((it) => it.key !== KEY)
  // What is left to do of a scaling in float64 is small.
  const raw = model.graph.node.find((it) => it.input[1] === shift)?.input[0] ?? ''
  setInputType(model.graph, raw, DataType.FLOAT)
  return [
    'The model scales raw values itself; what it gets here is scaled by the data, and its own scaling does the rest',
  ]
}

const recordedSchema = z.object({
  preprocessing: preprocessingSchema,
  inGraph: z.boolean(),
  shift: z.string().optional(),
  scale: z.string().optional(),
})

function readNote(model: ModelProto): Recorded | undefined {
  const text = model.metadataProps.find((it) => it.key === KEY)?.value
  if (text === undefined) return undefined
  try {
    return recordedSchema.parse(parseJson(text)) as Recorded
  } catch (cause) {
    throw new HisoError('MODEL_INVALID', {
      where: KEY,
      what: 'what the file notes of its values in its metadata is damaged, or of a newer version',
      remedy: 'Export the model again, or take the entry out of its metadata',
      cause,
    })
  }
}

function checkColumns(model: Preprocessing, data: Preprocessing): void {
  if (model.kind !== 'standardise' || data.kind !== 'standardise') return
  const isNumbered = (name: string) => /^column \d+$/.test(name)
  if ([...model.columns, ...data.columns].some(isNumbered)) return
  if (model.columns.join('\n') === data.columns.join('\n')) return
  throw new HisoError('MODEL_UNSUPPORTED', {
    where: 'task.model',
    what: `the model was trained on the columns ${model.columns.slice(0, 12).join(', ')}, and the data has ${data.columns.slice(0, 12).join(', ')}`,
    remedy: 'Give a table with the same columns in the same order',
  })
}
