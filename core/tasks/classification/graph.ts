/** The classifier that a task names, in trainable form and without a session. */
import { HisoError, type Host } from '../../base/index.ts'
import { builtInModels, suggestion, type ClassificationSettings } from '../../config/index.ts'
import type { Dataset, Samples } from '../../data/index.ts'
import {
  alignClasses,
  buildModel,
  inspectModel,
  layoutNotices,
  promoteModel,
  type ClassAlignment,
  type TrainableGraph,
} from '../../model/index.ts'
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
      {
        featureShape,
        classes: classes.length,
        hidden: task.hidden,
        initialWeights: task.initialWeights,
      },
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
      preprocessing: dataset.preprocessing,
      externalData,
    })
  })
}

/** Which output stands for which of the dataset's classes. @throws HisoError MODEL_UNSUPPORTED */
export function alignmentOf(graph: TrainableGraph, dataset: Dataset): ClassAlignment {
  const { classes, labelNumbers } = dataset
  return alignClasses(classes, labelNumbers, graph.classes, graph.classNames)
}

/** What a person should know of the model, beside this dataset, as lines. */
export function graphNotices({ notes, featureShape }: TrainableGraph, dataset: Dataset): string[] {
  return [...layoutNotices(featureShape, dataset.featureShape), ...notes.map((note) => `${note}.`)]
}

/** The dataset with the model's outputs as its labels. */
export function withOutputs(dataset: Dataset, { outputs }: ClassAlignment): Dataset {
  if (outputs.every((output, index) => output === index)) return dataset
  const relabelled = (samples: Samples): Samples => ({
    count: samples.count,
    labels: samples.labels.map((label) => outputs[label]!),
    gather: (indices, out) => samples.gather(indices, out),
  })
  return { ...dataset, train: relabelled(dataset.train), test: relabelled(dataset.test) }
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
