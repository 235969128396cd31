/** The decoder that a run begins with. */
import type { Host } from '../../base/index.ts'
import type { LanguageSettings } from '../../config/index.ts'
import { exportDecoder, peftAdapter, type LanguageGraph } from '../../model/index.ts'
import { withoutAdapter, type BaseModel, type ModelFiles, type ModelForm } from '../baseModel.ts'
import { fingerprintOf } from '../modelFile.ts'
import { openDecoder, openLanguageGraph } from './decoder.ts'
import { candidatesFor } from './texts.ts'

interface ModelSettings {
  readonly task: LanguageSettings
  readonly seed: number
}

export async function openLanguageModel(
  settings: ModelSettings,
  host: Host,
): Promise<BaseModel & { readonly graph: LanguageGraph }> {
  const { task, seed } = settings
  const graph = await openLanguageGraph(task, await candidatesFor(task, host), seed, host)
  return {
    graph,
    fingerprint: fingerprintOf(graph.bytes, graph.initialParams(), host),
    dim: graph.dim,
    trainables: graph.trainables,
    initialParams: () => graph.initialParams(),
    files: (params, form) => filesOf(settings, graph, params, form, host),
  }
}

async function filesOf(
  { task: { model, trainables: set }, seed }: ModelSettings,
  { trainables }: LanguageGraph,
  params: Float32Array,
  form: ModelForm,
  host: Host,
): Promise<ModelFiles> {
  if (form === 'peft') {
    if (set.kind !== 'lora') throw withoutAdapter(model)
    return peftAdapter(trainables, params, set, model)
  }
  const scale = set.kind === 'lora' ? set.alpha / set.rank : 1
  const decoder = await openDecoder(model, seed, host)
  return new Map([['model.onnx', exportDecoder(decoder, trainables, params, scale)]])
}
