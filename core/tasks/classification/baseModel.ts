/** The classifier that a run begins with. */
import type { Host } from '../../base/index.ts'
import type { RunConfig, SettingsOfKind } from '../../config/index.ts'
import { openDataset } from '../../data/index.ts'
import { exportTrained } from '../../model/index.ts'
import { withoutAdapter, type BaseModel } from '../baseModel.ts'
import { fingerprintOf } from '../modelFile.ts'
import { openGraph } from './graph.ts'

export async function openClassifier(
  { task, seed }: Pick<RunConfig, 'seed'> & { readonly task: SettingsOfKind<'classification'> },
  host: Host,
): Promise<BaseModel> {
  const graph = await openGraph(task, await openDataset(task, host), seed, host)
  return {
    fingerprint: fingerprintOf(graph.bytes, graph.initialParams, host),
    dim: graph.dim,
    trainables: graph.trainables,
    initialParams: () => graph.initialParams.slice(),
    async files(params, form) {
      if (form === 'peft') throw withoutAdapter(task.model)
      return new Map([['model.onnx', exportTrained(graph, params)]])
    },
  }
}
