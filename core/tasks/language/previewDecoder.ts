/**
 * What a language model is made of and which part of it would be trained, without holding its
 * weights.
 */
import type { Host } from '../../base/index.ts'
import type { LanguageSettings } from '../../config/index.ts'
import { planDecoder, type Decoder, type WeightRole } from '../../model/index.ts'
import type { DecoderPart, ModelPreview } from '../modelPreview.ts'
import { openDecoder } from './decoder.ts'

/** @throws HisoError MODEL_… */
export async function previewDecoder(
  { task, seed }: { readonly task: LanguageSettings; readonly seed: number },
  host: Host,
): Promise<ModelPreview> {
  const decoder = await openDecoder(task.model, seed, host)
  const { vocabulary, positions } = decoder
  const parts = partsOf(decoder)
  // Uses the decoder up.
  const { dim, trainables } = planDecoder(decoder, { trainables: task.trainables, seed })
  return {
    dim,
    notices: [],
    trainables: trainables.map(({ name, shape }) => {
      const role = roleOf(name, decoder)
      return { name, shape, ...(role === undefined ? {} : { role }) }
    }),
    decoder: { vocabulary, positions, parts },
  }
}

function partsOf({ weights, linears }: Decoder): DecoderPart[] {
  const roles = new Set(linears.map(({ role }) => role))
  const names = new Set(linears.map(({ weight }) => weight))
  return [...new Set([...weights.map(({ role }) => role), ...roles])].map((role) => {
    const own = weights.filter((it) => it.role === role)
    const obstacle = own.find((it) => it.obstacle !== undefined && names.has(it.name))?.obstacle
    return {
      role,
      weights: own.length,
      size: own.reduce((sum, it) => sum + it.size, 0),
      ...(obstacle === undefined ? {} : { obstacle }),
      isLinear: role !== undefined && roles.has(role),
    }
  })
}

/** Of a weight, or of the layer that a matrix of LoRA stands beside. */
function roleOf(name: string, { weights, linears }: Decoder): WeightRole | undefined {
  return (
    weights.find((it) => it.name === name)?.role ??
    linears.find(({ weight }) => name.startsWith(`${weight}.lora_`))?.role
  )
}
