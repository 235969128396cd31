/**
 * OPT's decoder with weights that any program can make again: those of scripts/onnx/language.py.
 */
import type { Decoder, OptShape } from '../model/index.ts'
import { optDecoder } from '../model/language/optDecoder.ts'
import { recogniseDecoder } from '../model/language/recogniseDecoder.ts'

/**
 * Entry i of the weight that the graph declares as number n: ((37 i + 17 n + 11) mod 101) / 101 −
 * 0.5, and 1 more in norms' scales.
 */
export function formulaOpt(shape: OptShape): Decoder {
  const model = optDecoder(shape)
  const { graph } = model
  if (graph === undefined) throw new Error('OPT has a graph')
  const weights = graph.initializer.filter(
    (it) => it.name.endsWith('.weight') || it.name.endsWith('.bias'),
  )
  const orderOf = new Map(weights.map((it, order) => [it.name, order]))
  return recogniseDecoder({ ...model, graph }, ({ name, dims }) => {
    const size = dims.reduce((product, it) => product * Number(it), 1)
    const offset = name.endsWith('norm.weight') ? 1 : 0
    const order = orderOf.get(name)!
    return Float32Array.from(
      { length: size },
      (_, i) => ((37 * i + 17 * order + 11) % 101) / 101 - 0.5 + offset,
    )
  })
}
