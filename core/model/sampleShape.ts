/** The shape of one sample: the model's own, with the dataset's where the file leaves it open. */
import { HisoError } from '../base/index.ts'
import { sizeOf, type Dimension } from '../onnx/index.ts'

import type { Classifier } from './classifier.ts'
import { channelsOf, numbersTaken } from './firstLayer.ts'

/**
 * @param wanted shape of the dataset's samples
 * @throws HisoError MODEL_UNSUPPORTED where the file does not tell, or takes other samples
 */
export function featureShapeOf(
  classifier: Classifier,
  wanted: readonly number[] | undefined,
): readonly number[] {
  const { features, featureDimensions } = classifier
  const own = featureDimensions?.slice(1)
  const known = own?.every((it) => typeof it === 'number') === true ? own : undefined
  if (known === undefined && wanted === undefined)
    throw new HisoError('MODEL_UNSUPPORTED', {
      where: features.name,
      what: `the shape of one sample is not in the file ([${featureDimensions?.join(', ') ?? 'unknown'}])`,
      remedy: 'Export the model with only the batch dimension left open',
    })
  if (known === undefined) {
    const shape =
      own === undefined ? listOr(wanted!, classifier) : resolveOpen(classifier, own, wanted!)
    checkFirstLayer(classifier, shape)
    return shape
  }
  if (wanted !== undefined && sizeOf(wanted) !== sizeOf(known))
    throw new HisoError('MODEL_UNSUPPORTED', {
      where: features.name,
      what: `the model takes samples of ${known.join(' × ')}, and the dataset has ${wanted.join(' × ')}`,
      remedy: 'Choose a dataset of that shape, or a model made for this one',
    })
  return known
}

/**
 * The dataset's shape, fitted into the dimensions that the model leaves open: with its channel
 * where the first layer looks for it, or as it is, or without dimensions of 1, or flattened along
 * the one open dimension.
 */
function resolveOpen(
  classifier: Classifier,
  own: readonly Dimension[],
  wanted: readonly number[],
): readonly number[] {
  const fits = (shape: readonly number[]) =>
    own.length === shape.length &&
    own.every((it, axis) => typeof it === 'string' || it === shape[axis])
  const candidates = [withChannel(classifier, own, wanted), wanted, wanted.filter((it) => it !== 1)]
  const [, height = 1, width = 1] = wanted
  // Grey pictures with the channel behind: the numbers stand in the same order.
  if (isGrey(wanted) && own.at(-1) === 1) candidates.push([height, width, 1])
  const found = candidates.find((it) => it !== undefined && fits(it))
  if (found !== undefined) return found
  const open = own.filter((it) => typeof it === 'string')
  const length = sizeOf(wanted) / sizeOf(own.filter((it) => typeof it === 'number'))
  if (open.length === 1 && Number.isInteger(length))
    return own.map((it) => (typeof it === 'string' ? length : it))
  throw new HisoError('MODEL_UNSUPPORTED', {
    where: classifier.features.name,
    what: `the model has dynamic shapes that can't be resolved: samples of ${wanted.join(' × ')} don't fit its ${own.join(' × ')}`,
    remedy:
      'Choose a dataset of that shape, or export the model with only the batch dimension left open',
  })
}

/** A model of unknown rank whose first layer takes a list of all numbers is given one. */
function listOr(wanted: readonly number[], classifier: Classifier): readonly number[] {
  const size = sizeOf(wanted)
  const taken = numbersTaken(classifier, classifier.features.name, 2)
  return wanted.at(-1) !== size && taken?.count === size && !taken.isFlattened ? [size] : wanted
}

/** @throws HisoError MODEL_UNSUPPORTED where the first layer's weights are of another size */
function checkFirstLayer(classifier: Classifier, shape: readonly number[]): void {
  const { name } = classifier.features
  const taken = numbersTaken(classifier, name, shape.length + 1)
  const given = taken?.ofAll === true ? sizeOf(shape) : shape.at(-1)
  if (taken === undefined || taken.count === given) return
  throw new HisoError('MODEL_UNSUPPORTED', {
    where: name,
    what: `the model's first layer takes ${taken.count} numbers, and the dataset's samples of ${shape.join(' × ')} give it ${given}`,
    remedy: 'Choose a dataset of that shape, or a model made for this one',
  })
}

const isGrey = (shape: readonly number[]) => shape.length === 3 && shape[0] === 1

/**
 * Pictures and tables have one channel.
 * @throws HisoError MODEL_UNSUPPORTED where the model has more
 */
function withChannel(
  classifier: Classifier,
  own: readonly Dimension[],
  wanted: readonly number[],
): readonly number[] | undefined {
  const rest = isGrey(wanted) ? wanted.slice(1) : wanted
  const channels = channelsOf(classifier, classifier.features.name, own.length + 1)
  if (channels === undefined || channels.axis === 0 || own.length !== rest.length + 1)
    return undefined
  const { axis, count = 1 } = channels
  if (count !== 1)
    throw new HisoError('MODEL_UNSUPPORTED', {
      where: classifier.features.name,
      what: `the model takes samples of ${count} channels, and the dataset has one (${wanted.join(' × ')})`,
      remedy: 'Choose a model made for grey pictures or plain columns',
    })
  return rest.toSpliced(axis - 1, 0, 1)
}
