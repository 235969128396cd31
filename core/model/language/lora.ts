/**
 * LoRA by graph surgery: two thin matrices stand beside a linear layer y = x W, y = x W + (α /
 * rank) (x A) B, and only they are trained. A is drawn from the run's seed and B is 0, so the model
 * starts unchanged.
 *
 * @see Hu et al., arXiv 2106.09685
 */
import { HisoError } from '../../base/index.ts'
import { RandomStream } from '../../random/index.ts'
import { node, tensor } from '../../onnx/index.ts'
import type { Decoder, LinearLayer, WeightRole } from './decoder.ts'

export interface LoraSettings {
  /** Columns of A and rows of B. */
  readonly rank: number
  /** The factor of the product, times the rank. */
  readonly alpha: number
  /** The layers that get a pair. */
  readonly targets: readonly WeightRole[]
}

/** A tensor that the surgery added. */
export interface AddedWeight {
  readonly name: string
  readonly shape: readonly number[]
  readonly size: number
  /** Draws its initial values into `out`. */
  fill(out: Float32Array): void
}

/** The target names that select a fused layer of query, key and value. */
const fused: readonly WeightRole[] = ['q', 'k', 'v']

/**
 * Adds the layers to the decoder's graph. A fused layer of query, key and value gets one pair of
 * matrices, whichever of the three is requested.
 *
 * @param unique makes a name that the graph does not use yet
 * @returns A and B of each layer, in graph order
 * @throws HisoError MODEL_NOT_TRAINABLE if the graph has none of the targets
 */
export function addLora(
  decoder: Decoder,
  { rank, alpha, targets }: LoraSettings,
  seed: number,
  unique: (name: string) => string,
): AddedWeight[] {
  const chosen = decoder.linears.filter(({ role }) => isWanted(role, targets))
  if (chosen.length === 0)
    throw new HisoError('MODEL_NOT_TRAINABLE', {
      where: 'task.trainables.targets',
      what: `the model has no layer that is ${targets.join(' or ')}`,
      remedy: `Its layers are ${[...new Set(decoder.linears.map((it) => it.role))].join(', ') || 'none that we recognise'}`,
    })
  const { graph } = decoder.model
  const scale = unique('lora_scale')
  graph.initializer.push(tensor(scale, [], Float32Array.of(alpha / rank)))
  return chosen.flatMap((layer, index) => {
    const a = unique(`${layer.weight}.lora_A`)
    const b = unique(`${layer.weight}.lora_B`)
    attach(decoder, layer, { a, b, scale }, unique)
    return [
      {
        name: a,
        shape: [layer.inputs, rank],
        size: layer.inputs * rank,
        fill: (out) => fillUniform(out, seed, index, 1 / Math.sqrt(layer.inputs)),
      },
      {
        name: b,
        shape: [rank, layer.outputs],
        size: rank * layer.outputs,
        fill: (out) => void out.fill(0),
      },
    ]
  })
}

function isWanted(role: WeightRole | undefined, targets: readonly WeightRole[]): boolean {
  if (role === undefined) return false
  return targets.includes(role) || (role === 'qkv' && fused.some((it) => targets.includes(it)))
}

function attach(
  { model: { graph } }: Decoder,
  layer: LinearLayer,
  names: { readonly a: string; readonly b: string; readonly scale: string },
  unique: (name: string) => string,
): void {
  const at = graph.node.findIndex((it) => it.output[0] === layer.output)
  const own = graph.node[at]
  if (own === undefined) throw new Error(`no node makes ${layer.output}`)
  const base = unique(`${layer.output}_base`)
  const [narrow, wide, scaled] = ['narrow', 'wide', 'scaled'].map((it) =>
    unique(`${layer.output}_lora_${it}`),
  ) as [string, string, string]
  own.output[0] = base
  const sum = node('Add', [base, scaled], layer.output)
  // The preceding node may already have this name.
  sum.name = unique(`${layer.output}_lora_sum`)
  graph.node.splice(
    at + 1,
    0,
    node('MatMul', [layer.data, names.a], narrow),
    node('MatMul', [narrow, names.b], wide),
    node('Mul', [wide, names.scale], scaled),
    sum,
  )
}

/** U(−bound, bound): PEFT's start for A, with bound 1 / √inputs (Kaiming-uniform with a = √5). */
function fillUniform(out: Float32Array, seed: number, index: number, bound: number): void {
  const stream = new RandomStream(seed, 'initialisation', index, 1)
  for (let i = 0; i < out.length; i++) out[i] = (2 * stream.uniform() - 1) * bound
}
