/** The classifier that a run begins with. */
import { HisoError, type Host } from '../../base/index.ts'
import type { RunConfig, SettingsOfKind } from '../../config/index.ts'
import { openDataset } from '../../data/index.ts'
import { exportTrained } from '../../model/index.ts'
import { withoutAdapter, type BaseModel } from '../baseModel.ts'
import { fingerprintOf } from '../modelFile.ts'
import { alignmentOf, openGraph } from './graph.ts'

function changedData(dataset: string): HisoError {
  return new HisoError('RUN_CHANGED', {
    where: dataset,
    what: 'the data is not what the run was trained on, so its scaling is not known',
    remedy: 'Put the data back, or export the graph without its scaling (--raw)',
  })
}

export async function openClassifier(
  { task, seed }: Pick<RunConfig, 'seed'> & { readonly task: SettingsOfKind<'classification'> },
  host: Host,
): Promise<BaseModel> {
  const dataset = await openDataset(task, host)
  const graph = await openGraph(task, dataset, seed, host)
  return {
    fingerprint: fingerprintOf(graph.bytes, [graph.initialParams], host),
    dim: graph.dim,
    trainables: graph.trainables,
    initialParams: () => graph.initialParams.slice(),
    async files(params, form, { isBare = false, recorded } = {}) {
      if (form === 'peft') throw withoutAdapter(task.model)
      const inputs = recorded?.inputs ?? {
        preprocessing: dataset.preprocessing,
        classes: alignmentOf(graph, dataset).names,
      }
      // What the run saw is not known where another file lies in the data's place.
      const isOther =
        recorded !== undefined && recorded.fingerprints.dataset !== dataset.fingerprint
      if (isOther && recorded.inputs === undefined && !isBare) throw changedData(task.dataset)
      return new Map([['model.onnx', exportTrained(graph, params, { ...inputs, isBare })]])
    },
  }
}
