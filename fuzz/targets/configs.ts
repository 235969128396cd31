/** What people write: configs, overrides, templates. */
import {
  formatConfig,
  overrideConfig,
  parseConfigText,
  parseRunConfig,
  readConfigText,
} from '../../core/config/index.ts'
import { fillIn, parseTemplate, requiredFields } from '../../core/data/index.ts'
import { anyText } from '../mutate/text.ts'
import type { Target } from '../target.ts'
import { single, text } from './files.ts'
import { configTexts } from './runs.ts'

const overrides = [
  'method.learningRate=0.01\nfederation.rounds=100\nname=trial #2',
  'split={ kind: dirichlet, alpha: 0.3 }\nseed=7\ntask.kind=quadratic\ntask.dim=40',
  'method.name=fedavg\nevaluation.every=5\nevaluation.samples=100\ncompute.workers=2',
  'task.spectrum.kind=low-rank\ntask.hidden=[64, 32]\nmethod.schedule.kind=cosine',
  'federation.rounds=1,000\nmethod.learningRate=1e-3\nname=007',
]

/** What no key of a file may have changed. */
const prototypes = [Object.prototype, Array.prototype, Function.prototype]
const propertiesBefore = prototypes.map((it) => Reflect.ownKeys(it).length)

function pollution(): string | undefined {
  const isPolluted = prototypes.some(
    (it, at) => Reflect.ownKeys(it).length !== propertiesBefore[at],
  )
  return isPolluted ? 'a prototype has another property' : undefined
}

export const configTargets: readonly Target[] = [
  {
    name: 'config',
    title: 'configs as YAML and JSON',
    async corpus(sources) {
      const presets = sources.list('resources/presets').filter((name) => name.endsWith('.yaml'))
      return [
        ...presets.map((name) => sources.read(`resources/presets/${name}`)),
        ...configTexts.map(text),
        text(JSON.stringify(readConfigText(configTexts[0]!, 'a'), null, 1)),
      ].map((bytes) => single('config.yaml', bytes))
    },
    mutators: { '*': anyText },
    async read(input) {
      const words = new TextDecoder().decode(input.get('config.yaml'))
      const config = parseConfigText(words, 'config.yaml')
      const written = formatConfig(config)
      if (formatConfig(parseConfigText(written, 'config.yaml')) !== written)
        return 'what is written is not what is read again'
      return pollution()
    },
  },
  {
    name: 'set',
    title: 'values of --set',
    corpus: async () => overrides.map((lines) => single('set', text(lines))),
    mutators: { '*': anyText },
    async read(input) {
      const lines = new TextDecoder().decode(input.get('set')).split('\n')
      const config = readConfigText(configTexts[0]!, 'config.yaml')
      let refused: unknown
      try {
        parseRunConfig(overrideConfig(config, lines), 'config.yaml')
      } catch (error) {
        refused = error
      }
      const polluted = pollution()
      if (polluted === undefined && refused !== undefined) throw refused as Error
      return polluted
    },
  },
  {
    name: 'template',
    title: 'templates',
    corpus: async (sources) =>
      sources
        .list('resources/templates')
        .map((name) => single('template.yaml', sources.read(`resources/templates/${name}`))),
    mutators: { '*': anyText },
    async read(input) {
      const words = new TextDecoder().decode(input.get('template.yaml'))
      const template = parseTemplate(words, 'own', 'template.yaml')
      requiredFields(template)
      fillIn(template.prompt, (field) => field)
      return pollution()
    },
  },
]
