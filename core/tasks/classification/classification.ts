/** Classification: samples of numbers with a class, and a built-in model or an ONNX file. */
import { taskFacts } from '../../config/index.ts'
import { openDataset, previewDataset } from '../../data/index.ts'
import type { Task } from '../task.ts'
import { openClassifier } from './baseModel.ts'
import { alignmentOf, graphNotices, openGraph } from './graph.ts'
import { classificationMinibatches } from './minibatches.ts'
import { openClassification } from './open.ts'
import { openPictureModel } from './pictures.ts'
import { classificationLoss, classificationSurface } from './surface.ts'

export const classification: Task<'classification'> = {
  facts: taskFacts.classification,
  open: openClassification,
  preview: {
    async model({ task, seed }, host) {
      const dataset = await openDataset(task, host)
      const graph = await openGraph(task, dataset, seed, host)
      const { dim, trainables } = graph
      const alignment = alignmentOf(graph, dataset)
      return {
        dim,
        trainables: trainables.map(({ name, shape }) => ({ name, shape })),
        information: alignment.information,
        notices: [...alignment.notices, ...graphNotices(graph, dataset)],
      }
    },
    samples: openDataset,
    dataset: previewDataset,
  },
  loss: classificationLoss,
  surface: classificationSurface,
  minibatches: classificationMinibatches,
  pictures: openPictureModel,
  baseModel: openClassifier,
}
