/**
 * Trained LoRA matrices in the layout of Hugging Face's PEFT: an adapter that
 * `PeftModel.from_pretrained` loads beside the base model.
 */
import { encodeSafetensors, type StoredTensor } from '../safetensors.ts'
import type { Trainable } from '../trainableGraph.ts'
import type { LoraSettings } from './lora.ts'
import { loraPairs } from './loraPairs.ts'

/**
 * PEFT stores A as [rank, inputs] and B as [outputs, rank], the transposes of ours. What is trained
 * beside LoRA, an encoder's classifier, goes along as a module that is saved whole (its matrix as
 * [classes, inputs]); it takes the text's state brought to a root mean square of 1.
 *
 * @param params float32[d]
 * @param settings LoRA's own, what others know the base model as, and entries for the tensors' file
 * @returns the files of the adapter's folder by name
 */
export function peftAdapter(
  trainables: readonly Trainable[],
  params: Float32Array,
  settings: Pick<LoraSettings, 'rank' | 'alpha'> & {
    readonly baseModel: string
    readonly metadata: ReadonlyMap<string, string>
  },
): ReadonlyMap<string, Uint8Array> {
  const { rank, alpha, baseModel, metadata } = settings
  const tensors = new Map<string, StoredTensor>()
  const modules = new Set<string>()
  for (const { weight, a, b } of loraPairs(trainables)) {
    // Our own graphs leave out the prefix that all names of OPT share.
    const module = weight.replace(/\.weight$/, '').replace(/^layers\./, 'model.decoder.layers.')
    modules.add(module.split('.').at(-1)!)
    for (const [part, trainable] of [['A', a] as const, ['B', b] as const]) {
      const values = params.subarray(trainable.offset, trainable.offset + trainable.size)
      const name = `base_model.model.${module}.lora_${part}.weight`
      tensors.set(name, transposed(values, trainable.shape))
    }
  }
  const paired = new Set(loraPairs(trainables).flatMap(({ a, b }) => [a.name, b.name]))
  const saved = trainables.filter(({ name }) => !paired.has(name))
  for (const { name, offset, size, shape } of saved) {
    const values = params.subarray(offset, offset + size)
    tensors.set(
      `base_model.model.${name}`,
      shape.length === 2 ? transposed(values, shape) : { shape, values },
    )
  }
  const config = {
    peft_type: 'LORA',
    task_type: saved.length === 0 ? 'CAUSAL_LM' : 'SEQ_CLS',
    base_model_name_or_path: baseModel,
    r: rank,
    lora_alpha: alpha,
    lora_dropout: 0,
    target_modules: [...modules],
    bias: 'none',
    fan_in_fan_out: false,
    inference_mode: true,
    ...(saved.length > 0 && {
      modules_to_save: [...new Set(saved.map(({ name }) => name.replace(/\.[^.]*$/, '')))],
    }),
  }
  return new Map([
    ['adapter_config.json', new TextEncoder().encode(`${JSON.stringify(config, null, 2)}\n`)],
    ['adapter_model.safetensors', encodeSafetensors(tensors, Object.fromEntries(metadata))],
  ])
}

function transposed(values: Float32Array, shape: readonly number[]): StoredTensor {
  const [rows, columns] = shape as [number, number]
  const out = new Float32Array(values.length)
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) out[j * rows + i] = values[i * columns + j]!
  return { shape: [columns, rows], values: out }
}
