/**
 * The output of a graph that a classifier is trained on, and how many classes it tells apart.
 * Refuses what is none, by what it is.
 */
import {
  DataType,
  dimensionsOf,
  elementTypeOf,
  typeName,
  type ValueInfoProto,
} from '../onnx/index.ts'
import { columnsOf, type Graph } from './columns.ts'
import { beforeSoftmax, unsupported } from './ending.ts'

/** From here on an operator picks each row's label; before, a matrix of classes² does. */
const LABEL_PICKING_OPSET = 11
const MOST_CLASSES_BEFORE = 4096
const MOST_CLASSES = 2 ** 20

/** Of these types logits may be; they are trained as float32. */
const types = new Set<number>([
  DataType.FLOAT,
  DataType.FLOAT16,
  DataType.BFLOAT16,
  DataType.DOUBLE,
])

const isFloat = (output: ValueInfoProto) => types.has(elementTypeOf(output))

/**
 * The output that looks like a classifier's: floating point, of two dimensions or more.
 * @param wanted its name, if there are several
 * @throws HisoError MODEL_UNSUPPORTED
 */
export function outputOf(at: Graph, opset: number, wanted: string | undefined): ValueInfoProto {
  const { graph } = at
  const fits = graph.output.filter(
    (it) => isFloat(it) && ((dimensionsOf(it)?.length ?? 2) >= 2 || isOneOfTwo(at, it, opset)),
  )
  const list = graph.output.map((it) => `${it.name} (${describe(it)})`).join(', ')
  if (wanted !== undefined) {
    const found = fits.find((it) => it.name === wanted)
    if (found !== undefined) return found
    throw unsupported(`${wanted} is none of its float outputs: ${list}`, 'Name another output')
  }
  const [first] = fits
  if (first === undefined) throw noOutput(graph.output, list)
  const named = fits.find((it) => /logit/i.test(it.name))
  if (fits.length === 1 || named !== undefined) return named ?? first
  // Logits and their probabilities are one answer.
  const logits = fits.map((it) => logitsBehind(at, it, opset))
  if (logits.every((it) => it !== undefined && it === logits[0])) return first
  throw unsupported(
    `several of its outputs could be the logits: ${list}`,
    'Export the model with one output, or call the right one logits',
  )
}

function noOutput(outputs: readonly ValueInfoProto[], list: string) {
  const single = outputs.find(isFloat)
  if (single !== undefined)
    return unsupported(
      `its output ${single.name} is one number for each sample, and a classifier needs one for each class`,
      'Use a model that gives one logit for each class, or for yes and no ends in Sigmoid',
    )
  const kinds = outputs.map((it) => it.type?.value.case)
  const isList = kinds.some((it) => it === 'sequenceType' || it === 'mapType')
  const isUnknown = kinds.every((it) => it === undefined)
  return unsupported(
    `none of its outputs holds logits, float32 [rows, classes]: ${list}`,
    isList
      ? 'Export the classifier without ZipMap (skl2onnx: options={"zipmap": False})'
      : isUnknown
        ? 'Export the model with the types of its outputs, or run onnx.shape_inference on it'
        : 'Export the model so that its output is the logits, before argmax',
  )
}

function logitsBehind(at: Graph, output: ValueInfoProto, opset: number): string | undefined {
  try {
    return beforeSoftmax(at, output, opset).logits
  } catch {
    return undefined
  }
}

/** Whether an output without a dimension for classes is the probability of one of two. */
function isOneOfTwo(at: Graph, output: ValueInfoProto, opset: number): boolean {
  if (dimensionsOf(output)?.length !== 1) return false
  try {
    return beforeSoftmax(at, output, opset).isYesNo
  } catch {
    return false
  }
}

function describe(value: ValueInfoProto): string {
  if (value.type?.value.case !== 'tensorType') return value.type?.value.case ?? 'of unknown type'
  const shape = dimensionsOf(value)
  return `${typeName(elementTypeOf(value))}${shape === undefined ? '' : ` [${shape.join(', ')}]`}`
}

/** @throws HisoError MODEL_UNSUPPORTED where it can't be told, or is none */
export function classesOf(
  at: Graph,
  opset: number,
  output: ValueInfoProto,
  logits: string,
): number {
  const dimensions = dimensionsOf(output)
  const [, ...own] = dimensions ?? ['', '']
  const made = own.length === 1 ? columnsOf(at, logits) : undefined
  const wide = own.filter((it) => it !== 1)
  if (wide.length > 1)
    throw unsupported(
      `its output has the shape [${dimensions!.join(', ')}], and that of a classifier is [rows, classes]: one answer for each sample`,
      'Export the model so that it gives one number for each class and sample',
    )
  const [width = 1] = wide
  const classes = typeof width === 'number' ? width : made
  if (classes === undefined) {
    throw unsupported(
      `the number of classes is not in the file: neither the shape of its output ${output.name} nor its last layer tells`,
      'Run onnx.shape_inference on it, or write the number in, such as 10: model.graph.output[0].type.tensor_type.shape.dim[1].dim_value = 10',
    )
  }
  if (made !== undefined && made !== classes)
    throw unsupported(
      `its output is said to have ${classes} columns, and its last layer gives ${made}`,
      'Export the model again, so that the shape of its output is that of its weights',
    )
  if (classes < 2) {
    throw unsupported(
      `its output has ${classes} column, and a classifier needs one for each class`,
      'Use a model that gives one logit for each class, or for yes and no ends in Sigmoid',
    )
  }
  const most = opset < LABEL_PICKING_OPSET ? MOST_CLASSES_BEFORE : MOST_CLASSES
  if (classes > most) {
    throw unsupported(
      `its output has ${classes} columns, and with version ${opset} of the operators at most ${most} can be told apart`,
      opset < LABEL_PICKING_OPSET
        ? 'Export the model with opset_version 17, or with fewer classes'
        : 'Check the shape of its output, and export the model with one column for each class',
    )
  }
  return classes
}
