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
export {
  ModelProtoSchema,
  StringStringEntryProtoSchema,
  TensorProtoSchema,
} from './onnx.generated.ts'
export {
  type AttributeValue,
  DataType,
  type Dimension,
  type ExternalData,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type TensorProto,
  UNKNOWN,
  type ValueInfoProto,
  attribute,
  decodeModel,
  dimensionsOf,
  elementTypeOf,
  embedExternal,
  encodeModel,
  externalDataFrom,
  externalFilesOf,
  floatAttribute,
  float32Values,
  importOperators,
  integerAttribute,
  integerValues,
  isExternal,
  nameDimension,
  node,
  opsetOf,
  shapeOf,
  sizeOf,
  tensor,
  tensorsOf,
  typeName,
  valueInfo,
} from './onnxModel.ts'
export { uniqueNames } from './uniqueNames.ts'
export {
  type Weight,
  type WeightContext,
  type WeightSummary,
  findWeights,
  SCALES_INPUT,
  weightNotes,
} from './weights.ts'
