/** The decoder that a run begins with. */
import type { Host } from '../../base/index.ts'
import type { LanguageSettings } from '../../config/index.ts'
import { exportDecoder, peftAdapter, type LanguageGraph } from '../../model/index.ts'
import { withoutAdapter, type BaseModel, type ModelFiles, type ModelForm } from '../baseModel.ts'
import { fingerprintOf } from '../modelFile.ts'
import { openDecoder, openLanguageGraph } from './decoder.ts'
import { adapterPage, usageMetadata, usageOf } from './modelUsage.ts'
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
    fingerprint: fingerprintOf(graph.bytes, graph.initialTensors(), host),
    dim: graph.dim,
    trainables: graph.trainables,
    initialParams: () => graph.initialParams(),
    files: (params, form) => filesOf(settings, graph, params, form, host),
  }
}

async function filesOf(
  { task, seed }: ModelSettings,
  { trainables }: LanguageGraph,
  params: Float32Array,
  form: ModelForm,
  host: Host,
): Promise<ModelFiles> {
  const { model, trainables: set } = task
  const usage = await usageOf(task, host)
  const metadata = usageMetadata(usage)
  if (form === 'peft') {
    if (set.kind !== 'lora') throw withoutAdapter(model)
    const baseModel = publicName(model)
    return new Map([
      ...peftAdapter(trainables, params, { ...set, baseModel, metadata }),
      ['README.md', new TextEncoder().encode(adapterPage(baseModel, usage))],
    ])
  }
  const scale = set.kind === 'lora' ? set.alpha / set.rank : 1
  const decoder = await openDecoder(model, seed, host)
  return new Map([['model.onnx', exportDecoder(decoder, trainables, params, scale, metadata)]])
}

/** What others know a model as: a file that is mailed does not tell where it lay here. */
function publicName(model: string): string {
  const [, onHub] = /^hf:([^/]+\/[^/@]+)/.exec(model) ?? []
  return onHub ?? model.split(/[\\/]/).findLast((part) => part !== '') ?? model
}
