/** The classifier that a task names, in trainable form and without a session. */
import { HisoError, type Host } from '../../base/index.ts'
import { builtInModels, suggestion, type ClassificationSettings } from '../../config/index.ts'
import type { Dataset } from '../../data/index.ts'
import { buildModel, inspectModel, promoteModel, type TrainableGraph } from '../../model/index.ts'
import { externalDataFrom } from '../../onnx/index.ts'
import { namingModelInErrors, readExternalFiles } from '../modelFile.ts'

/** @throws HisoError MODEL_… */
export async function openGraph(
  task: ClassificationSettings,
  dataset: Dataset,
  seed: number,
  host: Host,
): Promise<TrainableGraph> {
  if (isBuiltIn(task.model)) {
    const { featureShape, classes } = dataset
    return buildModel(
      task.model,
      { featureShape, classes: classes.length, hidden: task.hidden },
      seed,
    )
  }
  const bytes = await readModel(task.model, host)
  return namingModelInErrors(task.model, async () => {
    const externalData = externalDataFrom(
      await readExternalFiles(task.model, inspectModel(bytes).externalFiles, host),
    )
    return promoteModel(bytes, {
      trainable: task.trainable,
      featureShape: dataset.featureShape,
      externalData,
    })
  })
}

export function isBuiltIn(model: string): model is (typeof builtInModels)[number] {
  return (builtInModels as readonly string[]).includes(model)
}

async function readModel(path: string, host: Host): Promise<Uint8Array> {
  if ((await host.files.kind(path)) === 'file') return host.files.read(path)
  const near = suggestion(path.split(/[\\/]/).at(-1)!, builtInModels)
  const isGone = /\.onnx$/i.test(path)
  throw new HisoError('MODEL_NOT_FOUND', {
    where: path,
    what: isGone ? 'there is no such file' : 'this is neither a built-in model nor an ONNX file',
    remedy: `${isGone ? 'Put it back, or choose another model. ' : ''}${near === undefined ? '' : `Did you mean ${near}? `}Built-in models are ${builtInModels.join(', ')}`,
  })
}
