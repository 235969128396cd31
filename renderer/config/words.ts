/**
 * Words for what the schema has only keys for: the kinds of its unions, and the choices, as people
 * read them.
 */
import { type FieldText, methodTitle, taskFacts } from '../../core/config/index.ts'

/** By the last key of the union's path. */
export const unionTexts: Readonly<Record<string, FieldText>> = {
  task: {
    label: 'Task',
    help: 'What is learned: a classifier on a dataset, a language model on texts, or an analytic quadratic whose Hessian is known.',
  },
  split: {
    label: 'Split',
    help: 'How the training samples are dealt to the clients.',
  },
  method: { label: 'Method', help: 'The learning algorithm.' },
  trainables: {
    label: 'Trained',
    help: 'All weights, thin matrices beside some layers (LoRA), or the weights of some names.',
  },
  spectrum: {
    label: 'Spectrum',
    help: 'How the curvature of the quadratic is spread over its coordinates.',
  },
  learningRateSchedule: {
    label: 'Learning rate over time',
    help: 'How the learning rate changes with the rounds.',
  },
  perturbationSchedule: {
    label: 'Perturbations over time',
    help: 'How the number of directions per step changes with the rounds.',
  },
  aggregator: {
    label: 'Aggregator',
    help: 'How the server makes one answer of many: the mean trusts everybody, the others withstand some attackers.',
  },
  attack: {
    label: 'Attack',
    help: 'What a share of the clients sends instead of honest answers, to see what the aggregator makes of it.',
  },
  compression: {
    label: 'Compression',
    help: 'How a participant writes its update: all values, some of them, or each in one byte.',
  },
  privacy: {
    label: 'Privacy',
    help: 'Gaussian: each client clips its reply and adds noise before it leaves, and the run keeps account of the privacy spent.',
  },
}

const words: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(taskFacts).map(([kind, { title }]) => [`task.kind.${kind}`, title]),
  ),
  'task.trainables.kind.full': 'All weights',
  'task.trainables.kind.lora': 'LoRA',
  'task.trainables.kind.pattern': 'By name',
  'task.trainables.targets.q': 'q',
  'task.trainables.targets.k': 'k',
  'task.trainables.targets.v': 'v',
  'task.trainables.targets.qkv': 'qkv',
  'task.trainables.targets.o': 'o',
  'task.trainables.targets.mlp': 'mlp',
  'task.trainables.targets.head': 'head',
  'split.kind.iid': 'IID',
  'split.kind.quantity': 'Power law',
  'federation.aggregator.kind.trimmedMean': 'Trimmed mean',
  'federation.attack.kind.gaussian': 'Noise',
  'federation.attack.kind.signFlip': 'Sign flip',
  'federation.attack.kind.trim': 'Against trimmed mean',
  'federation.attack.kind.krum': 'Against Krum',
  'method.compression.kind.topK': 'Largest values',
  'method.compression.kind.randomK': 'Random values',
  'method.compression.kind.int8': '8 bits a value',
  'method.privacy.kind.gaussian': 'Gaussian noise',
  'task.spectrum.kind.power-law': 'Power law',
  'task.spectrum.kind.low-rank': 'Low rank',
  'compute.layout.nchwc8': 'Blocks of 8',
  'compute.layout.nchwc16': 'Blocks of 16',
  'compute.provider.cpu': 'CPU',
  'compute.provider.webgpu': 'WebGPU',
  'compute.provider.cuda': 'CUDA',
  'compute.provider.dml': 'DirectML',
  'compute.provider.coreml': 'Core ML',
}

/** A choice as it is shown. */
export function wordFor(path: string, value: unknown): string {
  const text = String(value)
  // Number formats are written as everywhere else.
  if (/^b?(float|int)\d+$/.test(text) && path.endsWith('recision')) return text
  if (path === 'method.name') return methodTitle(text)
  return (
    words[`${path}.${text}`] ?? text.charAt(0).toUpperCase() + text.slice(1).replaceAll('-', ' ')
  )
}
