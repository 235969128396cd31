/**
 * Raises a graph to an operator set in which gradients can be written. Rewrites the forms of
 * operators that have changed since; all others mean the same in both.
 *
 * @see https://github.com/onnx/onnx/blob/main/docs/Changelog.md
 */
import { HisoError, own } from '../../base/index.ts'
import { opsetOf, type ModelProto, type NodeProto } from '../onnxModel.ts'
import {
  floatOf,
  hasAttribute,
  integerOf,
  integersOf,
  removeAttribute,
  setAttribute,
} from './attributes.ts'
import { GraphWriter } from './graphWriter.ts'
import { nameOf } from './refusal.ts'

/**
 * The first set in which ScatterElements and ScatterND add up, and Split and all reductions have
 * their present form.
 */
const GRADIENT_OPSET = 18

/** IR version of sets 15 to 18. */
const IR_VERSION = 8n

/** Rewrites a node in place; nodes that must come before it go to `w`. */
type Conversion = (node: NodeProto, w: GraphWriter) => void

interface Change {
  /** The first operator set with the new form. */
  readonly since: number
  readonly convert: Conversion
}

const axesToInput: Conversion = (node, w) => {
  const axes = integersOf(node, 'axes')
  removeAttribute(node, 'axes')
  if (axes !== undefined) setInput(node, 1, w.integers(axes))
}

const changes: Readonly<Record<string, Change>> = {
  ReduceSum: { since: 13, convert: axesToInput },
  Squeeze: { since: 13, convert: axesToInput },
  Unsqueeze: { since: 13, convert: axesToInput },
  ...Object.fromEntries(
    'Mean Max Min Prod L1 L2 SumSquare LogSum LogSumExp'
      .split(' ')
      .map((it) => [`Reduce${it}`, { since: 18, convert: axesToInput }]),
  ),
  Softmax: { since: 13, convert: overRest },
  LogSoftmax: { since: 13, convert: overRest },
  Hardmax: { since: 13, convert: overRest },
  Split: {
    since: 18,
    convert: (node, w) => {
      const lengths = integersOf(node, 'split')
      removeAttribute(node, 'split')
      if (lengths !== undefined) setInput(node, 1, w.integers(lengths))
      else if (!node.input[1]) setAttribute(node, 'num_outputs', node.output.length)
    },
  },
  Slice: {
    since: 10,
    convert: (node, w) => {
      ;['starts', 'ends', 'axes'].forEach((name, i) => {
        const values = integersOf(node, name)
        removeAttribute(node, name)
        if (values !== undefined) setInput(node, i + 1, w.integers(values))
      })
    },
  },
  Clip: {
    since: 11,
    convert: (node, w) => {
      ;['min', 'max'].forEach((name, i) => {
        if (!hasAttribute(node, name)) return
        setInput(node, i + 1, w.scalar(floatOf(node, name, 0), node.input[0] ?? ''))
        removeAttribute(node, name)
      })
    },
  },
  Pad: {
    since: 11,
    convert: (node, w) => {
      setInput(node, 1, w.integers(integersOf(node, 'pads') ?? []))
      setInput(node, 2, w.scalar(floatOf(node, 'value', 0), node.input[0] ?? ''))
      removeAttribute(node, 'pads')
      removeAttribute(node, 'value')
    },
  },
  Dropout: { since: 12, convert: (node) => removeAttribute(node, 'ratio') },
  BatchNormalization: {
    since: 9,
    convert: (node) => {
      if (integerOf(node, 'spatial', 1) === 0) throw tooOld(node)
      removeAttribute(node, 'spatial')
    },
  },
  TopK: {
    since: 10,
    convert: (node, w) => {
      setInput(node, 1, w.integers([integerOf(node, 'k', 1)]))
      removeAttribute(node, 'k')
    },
  },
  Scatter: { since: 11, convert: (node) => void (node.opType = 'ScatterElements') },
  // Their old forms mean something else, and no classifier needs them.
  Upsample: { since: 10, convert: refuse },
  Resize: { since: 11, convert: refuse },
  Scan: { since: 9, convert: refuse },
  RoiAlign: { since: 16, convert: refuse },
}

/**
 * @param model changed in place: its graph has at least set GRADIENT_OPSET afterwards
 * @throws HisoError MODEL_UNSUPPORTED naming the operator that cannot be rewritten
 */
export function raiseOpset(model: ModelProto): void {
  const { graph } = model
  const opset = opsetOf(model)
  if (graph === undefined || opset >= GRADIENT_OPSET) return
  const nodes = graph.node
  // Rewrites each node before it looks at its outputs, as shapes are needed on the way.
  graph.node = []
  const w = new GraphWriter(graph, nodes)
  for (const node of nodes) {
    for (const inner of nodesWithin(node)) if (changeOf(inner, opset)) throw tooOld(inner)
    changeOf(node, opset)?.convert(node, w)
    graph.node.push(node)
    w.facts.learn(node)
  }
  model.opsetImport = model.opsetImport.filter((it) => it.domain !== 'ai.onnx')
  const standard = model.opsetImport.find((it) => it.domain === '')
  if (standard !== undefined) standard.version = BigInt(GRADIENT_OPSET)
  if (model.irVersion < IR_VERSION) model.irVersion = IR_VERSION
}

function changeOf({ domain, opType }: NodeProto, opset: number): Change | undefined {
  const change = domain === '' || domain === 'ai.onnx' ? own(changes, opType) : undefined
  return change !== undefined && opset < change.since ? change : undefined
}

/** The nodes of a node's subgraphs, and of theirs. */
function nodesWithin(node: NodeProto): NodeProto[] {
  const graphs = node.attribute.flatMap((it) => [
    ...(it.g === undefined ? [] : [it.g]),
    ...it.graphs,
  ])
  return graphs.flatMap((graph) => graph.node.flatMap((it) => [it, ...nodesWithin(it)]))
}

function setInput(node: NodeProto, index: number, name: string): void {
  while (node.input.length <= index) node.input.push('')
  node.input[index] = name
}

/**
 * Up to set 12 a softmax ran over all axes from `axis` (1 by default) to the last, joined into one;
 * since then it runs over one axis. If `axis` is the last one, both are the same; otherwise the
 * axes are joined for the softmax and split again.
 */
function overRest(node: NodeProto, w: GraphWriter): void {
  const [x = ''] = node.input
  const axis = integerOf(node, 'axis', 1)
  const rank = w.facts.shape(x)?.length
  if (axis === -1 || (rank !== undefined && axis === rank - 1)) {
    setAttribute(node, 'axis', -1)
    return
  }
  const result = node.output[0] as string
  const flat = w.add('Flatten', [x], { axis })
  const inner = w.add(node.opType, [flat], { axis: -1 })
  node.opType = 'Reshape'
  node.attribute = []
  node.input = [inner, w.shapeOf(x)]
  node.output = [result]
}

function refuse(node: NodeProto): never {
  throw tooOld(node)
}

function tooOld(node: NodeProto): HisoError {
  return new HisoError('MODEL_UNSUPPORTED', {
    where: nameOf(node),
    what: `${node.opType} in this file's old form has no equivalent in ONNX operator set ${GRADIENT_OPSET}, which gradients need`,
    remedy: `Export the model with opset_version ${GRADIENT_OPSET}, or choose a zeroth-order method (hiso, decomfl)`,
  })
}
