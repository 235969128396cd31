export {
  type Gradients,
  type LossGraph,
  type WeightedGradients,
  differentiate,
  differentiateWeighted,
} from './gradient/differentiate.ts'
export { differentiateTwice, type HessianProduct } from './gradient/hessianProduct.ts'
export { differentiableOperators } from './gradient/rules.ts'
export { GraphBuilder, type Initialiser, ROWS, type Value } from './graphBuilder.ts'
export {
  type GraphFacts,
  constantCalled,
  dependentsOf,
  factsOf,
  namesReadBy,
  nodesBehind,
} from './graphFacts.ts'
export { functionsBehind } from './madeWeights.ts'
export {
  type FunctionProto,
  ModelProtoSchema,
  StringStringEntryProtoSchema,
  TensorProtoSchema,
} from './onnx.generated.ts'
export {
  type ExternalData,
  embedExternal,
  externalDataFrom,
  externalFilesOf,
  isExternal,
} from './externalData.ts'
export {
  type AttributeValue,
  type Dimension,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type TensorProto,
  UNKNOWN,
  type ValueInfoProto,
  attribute,
  constantTensor,
  decodeModel,
  dimensionsOf,
  elementTypeOf,
  encodeModel,
  floatAttribute,
  importOperators,
  integerAttribute,
  integersAttribute,
  nameDimension,
  node,
  opsetOf,
  setElementType,
  tensorsOf,
  valueInfo,
} from './onnxModel.ts'
export {
  DataType,
  float32Values,
  integerValues,
  shapeOf,
  sizeOf,
  tensor,
  typeName,
} from './tensorValues.ts'
export { SCALES_INPUT, SINGLE_NUMBER } from './standIns.ts'
export { uniqueNames } from './uniqueNames.ts'
export {
  type Weight,
  type WeightContext,
  type WeightSummary,
  findWeights,
  READ_IN_FUNCTION,
} from './weights.ts'
export { weightNotes } from './weightNotes.ts'
