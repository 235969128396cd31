/** Words for what the schema has only keys for: the kinds of its unions, and the choices, as people read them. */
import type { FieldText } from '../../core/config/index.ts'

/** By the last key of the union's path. */
export const unionTexts: Readonly<Record<string, FieldText>> = {
  task: {
    label: 'Task',
    help: 'What is learned: a classifier on a dataset, or an analytic quadratic whose Hessian is known.',
  },
  split: {
    label: 'Split',
    help: 'How the training samples are dealt to the clients.',
  },
  method: { label: 'Method', help: 'The learning algorithm.' },
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
}

const words: Readonly<Record<string, string>> = {
  'task.kind.classification': 'Classification',
  'task.kind.quadratic': 'Quadratic',
  'split.kind.iid': 'IID',
  'split.kind.quantity': 'Power law',
  'method.name.hiso': 'HiSo',
  'method.name.decomfl': 'DeComFL',
  'method.name.mezo': 'MeZO',
  'method.name.fedzo': 'FedZO',
  'method.name.fedavg': 'FedAvg',
  'method.name.fedadam': 'FedAdam',
  'method.name.fedyogi': 'FedYogi',
  'method.name.fedadagrad': 'FedAdagrad',
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
  return (
    words[`${path}.${text}`] ?? text.charAt(0).toUpperCase() + text.slice(1).replaceAll('-', ' ')
  )
}
