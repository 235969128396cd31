/**
 * The built-in models, layer by layer, with PyTorch's default initialisation drawn from the run's
 * seed.
 */
import { HisoError } from '../base/index.ts'
import { RandomStream } from '../random/index.ts'
import { encodeModel, GraphBuilder, type Initialiser, type Value } from '../onnx/index.ts'
import { promoteModel } from './promote.ts'
import type { TrainableGraph } from './trainableGraph.ts'

export interface BuiltInModelOptions {
  /** Shape of one sample: [columns], or [channels, height, width] for images. */
  readonly featureShape: readonly number[]
  readonly classes: number
  /** Widths of the mlp's hidden layers, from input to output; the other models have none. */
  readonly hidden?: readonly number[]
  /** `zero` is for softmax alone: layers that stand one behind the other learn nothing there. */
  readonly initialWeights?: 'uniform' | 'zero'
}

const defaultHidden: readonly number[] = [32]

const builders = {
  softmax: (g, { classes }) => g.linear('linear', g.flatten('flat', g.features), classes),

  mlp: (g, { classes, hidden = defaultHidden }) => {
    const inner = hidden.reduce<Value>(
      (x, width, i) => g.relu(`relu${i + 1}`, g.linear(`linear${i + 1}`, x, width)),
      g.flatten('flat', g.features),
    )
    return g.linear(`linear${hidden.length + 1}`, inner, classes)
  },

  // d = 28,938 on 28 × 28 with 10 classes: the authors' CNN for MNIST.
  'cnn-mnist': (g, { classes }) => {
    const first = g.relu('relu1', g.convolution('conv1', g.features, 16, 5, 2))
    const second = g.relu('relu2', g.convolution('conv2', g.maxPool('pool1', first), 32, 5, 2))
    return g.linear('linear', g.flatten('flat', g.maxPool('pool2', second)), classes)
  },

  // d = 1,206,590 on 28 × 28 with 62 classes: the authors' CNN for Fashion-MNIST.
  'cnn-fashion': (g, { classes }) => {
    const first = g.relu('relu1', g.convolution('conv1', g.features, 32, 3, 0))
    const second = g.relu('relu2', g.convolution('conv2', first, 64, 3, 0))
    const inner = g.linear('linear1', g.flatten('flat', g.maxPool('pool', second)), 128)
    return g.linear('linear2', g.relu('relu3', inner), classes)
  },
} satisfies Record<string, (g: GraphBuilder, options: BuiltInModelOptions) => Value>

type BuiltInModel = keyof typeof builders

/** The smallest image sides for which every layer of a convolutional model has an output. */
const smallestSide: Partial<Record<BuiltInModel, number>> = { 'cnn-mnist': 4, 'cnn-fashion': 6 }

/**
 * Builds one of the models by name.
 *
 * @param seed of the run: the same seed gives the same initial parameters on every machine
 * @throws HisoError MODEL_UNSUPPORTED if the model does not exist or does not fit the features
 */
export function buildModel(
  name: string,
  options: BuiltInModelOptions,
  seed: number,
): TrainableGraph {
  if (!isBuiltIn(name)) {
    throw new HisoError('MODEL_UNSUPPORTED', {
      where: name,
      what: 'there is no built-in model of this name',
      remedy: `Choose one of ${Object.keys(builders).join(', ')}, or the path of an ONNX file`,
    })
  }
  checkFits(name, options)
  const startsAtZero = name === 'softmax' && options.initialWeights === 'zero'
  const builder = new GraphBuilder(
    options.featureShape,
    startsAtZero ? (size) => new Float32Array(size) : uniformByFanIn(seed),
  )
  const logits = builders[name](builder, options)
  return promoteModel(encodeModel(builder.finish(name, logits)), { trainable: ['*'] })
}

function isBuiltIn(name: string): name is BuiltInModel {
  return Object.hasOwn(builders, name)
}

/** What one message of the format holds. */
const LARGEST_GRAPH_BYTES = 2 ** 31 - 1

/** Weights and biases of the models that are as large as the data and the config make them. */
function weightsOf(
  name: BuiltInModel,
  featureShape: readonly number[],
  hidden: readonly number[],
  classes: number,
): number {
  if (name !== 'softmax' && name !== 'mlp') return 0
  const features = featureShape.reduce((product, length) => product * length, 1)
  const widths = [features, ...(name === 'mlp' ? hidden : []), classes]
  return widths.slice(1).reduce((sum, width, i) => sum + (widths[i]! + 1) * width, 0)
}

function checkFits(
  name: BuiltInModel,
  { featureShape, classes, hidden = defaultHidden }: BuiltInModelOptions,
): void {
  const side = smallestSide[name]
  const refuse = (what: string, remedy: string): never => {
    throw new HisoError('MODEL_UNSUPPORTED', { where: name, what, remedy })
  }
  const shape = featureShape.length === 0 ? 'a scalar' : featureShape.join(' × ')
  if (classes < 2) refuse(`a classifier needs two classes, not ${classes}`, 'Check the labels')
  const weights = weightsOf(name, featureShape, hidden, classes)
  if (4 * weights > LARGEST_GRAPH_BYTES)
    refuse(
      `its layers have ${weights} weights, ${Math.ceil((4 * weights) / 2 ** 30)} GiB, and an ONNX model holds at most 2`,
      'Choose narrower layers (task.hidden), or fewer of them',
    )
  if (side === undefined) return
  const [, height = 0, width = 0] = featureShape
  if (featureShape.length !== 3) {
    refuse(`it needs images (channels × height × width), not ${shape}`, 'Choose softmax or mlp')
  } else if (height < side || width < side) {
    refuse(`it needs images of at least ${side} × ${side}, not ${shape}`, 'Choose softmax or mlp')
  }
}

/**
 * PyTorch's default for linear and convolutional layers: Kaiming-uniform with a = √5 for weights,
 * which is U(−1/√fanIn, 1/√fanIn), and the same interval for biases. One stream per tensor, in the
 * order of the layers.
 * @see torch.nn.Linear.reset_parameters
 */
function uniformByFanIn(seed: number): Initialiser {
  let tensorIndex = 0
  return (size, fanIn) => {
    const stream = new RandomStream(seed, 'initialisation', tensorIndex++)
    const bound = 1 / Math.sqrt(fanIn)
    return Float32Array.from({ length: size }, () => (2 * stream.uniform() - 1) * bound)
  }
}
