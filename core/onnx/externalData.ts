/** Tensors whose values lie in files beside the model. */
import { HisoError, joinBytes } from '../base/index.ts'
import { checkValues } from './checkModel.ts'
import {
  TensorProto_DataLocation as DataLocation,
  type GraphProto,
  type TensorProto,
} from './onnx.generated.ts'
import { tensorsOf } from './onnxModel.ts'
import { shapeOf, sizeOf } from './tensorValues.ts'

/** Produces a slice of a file beside the model. @throws anything if the file cannot be read */
export type ExternalData = (
  location: string,
  offset: number,
  length: number | undefined,
) => Uint8Array

/** True if the tensor's data lies in a file beside the model. */
export function isExternal(tensor: TensorProto): boolean {
  return tensor.dataLocation === DataLocation.EXTERNAL
}

/** The name of the file beside the model that holds an external tensor. */
function externalLocation(tensor: TensorProto): string {
  return tensor.externalData.find((it) => it.key === 'location')?.value ?? ''
}

/**
 * The files beside the model that hold its tensors, each once, sorted.
 * @throws HisoError MODEL_INVALID if one lies outside the model's folder
 */
export function externalFilesOf(graph: GraphProto): string[] {
  const files = [...new Set(tensorsOf(graph).filter(isExternal).map(externalLocation))].sort()
  const outside = files.find((it) => /^([/\\]|[A-Za-z]:)|(^|[/\\])\.\.([/\\]|$)/.test(it))
  if (outside === undefined) return files
  throw new HisoError('MODEL_INVALID', {
    where: outside,
    what: 'the model keeps values in a file outside its own folder',
    remedy: 'Export the model with its data beside it, or as one file',
  })
}

/**
 * External data from files already read, each in consecutive parts, by the names that
 * `inspectModel` lists.
 */
export function externalDataFrom(files: ReadonlyMap<string, readonly Uint8Array[]>): ExternalData {
  return (location, offset, length) => {
    const parts = files.get(location)
    if (parts === undefined) throw new Error('the file was not read')
    return sliceOf(parts, offset, length === undefined ? Infinity : offset + length)
  }
}

/** A view if the bytes lie in one part, otherwise a copy; shorter if the parts end. */
function sliceOf(parts: readonly Uint8Array[], from: number, to: number): Uint8Array {
  const pieces: Uint8Array[] = []
  let start = 0
  for (const part of parts) {
    const end = start + part.length
    if (from < end && to > start)
      pieces.push(part.subarray(Math.max(0, from - start), Math.min(part.length, to - start)))
    start = end
  }
  return pieces.length === 1 ? pieces[0]! : joinBytes(pieces)
}

/**
 * Brings an external tensor's data into the model.
 * @throws HisoError MODEL_NOT_FOUND naming a missing file, MODEL_INVALID if it is too short
 */
export function embedExternal(tensor: TensorProto, read: ExternalData | undefined): void {
  const entry = (key: string): string | undefined =>
    tensor.externalData.find((it) => it.key === key)?.value
  const location = externalLocation(tensor)
  const offset = Number(entry('offset') ?? 0)
  const length = entry('length') === undefined ? undefined : Number(entry('length'))
  const missing = (cause?: unknown): HisoError =>
    new HisoError('MODEL_NOT_FOUND', {
      where: location,
      what: `the model keeps the values of ${tensor.name} in this file beside it, which can't be read`,
      remedy: 'Put the file into the same folder as the model, or export the model as one file',
      cause,
    })
  if (read === undefined) throw missing()
  let data: Uint8Array
  try {
    data = read(location, offset, length)
  } catch (cause) {
    throw cause instanceof HisoError ? cause : missing(cause)
  }
  if (length !== undefined && data.byteLength !== length) {
    throw new HisoError('MODEL_INVALID', {
      where: location,
      what: `the file ends before the values of ${tensor.name} (${length} bytes from ${offset})`,
      remedy: 'Copy the file again; it is cut short or belongs to another model',
    })
  }
  tensor.rawData = data
  tensor.externalData = []
  tensor.dataLocation = DataLocation.DEFAULT
  checkValues(tensor, sizeOf(shapeOf(tensor)))
}
