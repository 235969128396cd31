/** Words for what the schema has only keys for: kinds and choices, as people read them. */
import { methodTitle } from './methodFacts.ts'
import { networkProfiles } from './networkProfiles.ts'
import { taskFacts } from './taskFacts.ts'

const words: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(taskFacts).map(([kind, { title }]) => [`task.kind.${kind}`, title]),
  ),
  ...Object.fromEntries(
    Object.entries(networkProfiles).map(([kind, { title }]) => [`network.kind.${kind}`, title]),
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
  'split.kind.whole': 'All for everyone',
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
