/** Decoders to train: one of OPT's shapes with a start drawn from a seed, or an ONNX file. */
import { HisoError } from '../../base/index.ts'
import {
  decodeModel,
  embedExternal,
  type ExternalData,
  externalFilesOf,
  type GraphProto,
  isExternal,
  type ModelProto,
  tensorsOf,
} from '../../onnx/index.ts'
import type { Decoder } from './decoder.ts'
import { optDecoder } from './optDecoder.ts'
import { optInitialisation } from './optInitialisation.ts'
import type { OptShape } from './optShapes.ts'
import { recogniseDecoder } from './recogniseDecoder.ts'
import { tieEmbeddings } from './tieEmbeddings.ts'
import { widenToFloat32 } from './widen.ts'

/** An OPT decoder of this shape, as it starts for this seed. */
export function buildOpt(shape: OptShape, seed: number): Decoder {
  const model = optDecoder(shape) as ModelProto & { graph: GraphProto }
  const names = model.graph.initializer.map((it) => it.name)
  return recogniseDecoder(model, optInitialisation(seed, names))
}

/**
 * A decoder from an ONNX file. Half-precision weights get float32 masters.
 *
 * @throws HisoError MODEL_INVALID, MODEL_NOT_FOUND (external data), MODEL_UNSUPPORTED
 */
export function importDecoder(bytes: Uint8Array, externalData?: ExternalData): Decoder {
  const model = decodeModel(bytes)
  const { graph } = model
  // Refuses paths outside the model's folder before reading anything.
  externalFilesOf(graph)
  for (const tensor of tensorsOf(graph)) if (isExternal(tensor)) embedExternal(tensor, externalData)
  const body = graph.node.find((it) => it.attribute.some(({ g }) => g !== undefined))
  if (body?.opType === 'Loop' || body?.opType === 'Scan')
    throw new HisoError('MODEL_UNSUPPORTED', {
      where: body.name,
      what: `it has a ${body.opType}, whose weights cannot be reached`,
      remedy: 'Export the model without generation inside it',
    })
  widenToFloat32(graph)
  tieEmbeddings(graph)
  return recogniseDecoder(model)
}
