/**
 * The presets, bundled with the app: the same files of resources/presets that `hiso run NAME`
 * takes. The comment on top of each says what it shows.
 */
import {
  checkRunConfig,
  configsOf,
  parseRunConfig,
  readConfigText,
  type RunConfig,
} from '../../core/config/index.ts'

export interface Preset {
  /** File name without its extension. */
  readonly name: string
  readonly title: string
  /** The first sentence of the comment on top. */
  readonly text: string
  /** Undefined when the preset does not validate any more: then `problem` says why. */
  readonly config: RunConfig | undefined
  readonly problem: string | undefined
  /** What is played beside it, to be compared. */
  readonly others: readonly RunConfig[]
}

const spellings: Readonly<Record<string, string>> = {
  hiso: 'HiSo',
  decomfl: 'DeComFL',
  mnist: 'MNIST',
  fashion: 'Fashion-MNIST:',
  fedavg: 'FedAvg',
  lora: 'LoRA',
  // The radio, not the adapter of the other presets.
  'on-lora': 'On LoRa',
}

const files = import.meta.glob<string>('../../resources/presets/*.yaml', {
  eager: true,
  query: '?raw',
  import: 'default',
})

/** The text of each, by its name. */
export const presetTexts: ReadonlyMap<string, string> = new Map(
  Object.entries(files).map(([path, text]) => [path.replace(/^.*\/|\.yaml$/g, ''), text]),
)

/** What the form starts from with a preset; undefined for one that does not validate. */
export function startOf({ name, title, config, others }: Preset) {
  return config && { kind: 'preset' as const, name, title, config, beside: others }
}

/** Those that a first day begins with come first. */
const firstNames = ['quickstart', 'three-ways']

/** The first of a first day, then the others by name. */
export const presets: readonly Preset[] = [...presetTexts]
  .map(([name, text]) => readPreset(name, text))
  .sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name))

export const quickstart: Preset | undefined = presets[0]

function readPreset(name: string, text: string): Preset {
  const described = { name, title: titleOf(name), text: withTitles(firstSentence(text)) }
  try {
    const where = `the preset ${name}`
    const inputs = configsOf(readConfigText(text, where), where)
    const result = checkRunConfig(inputs[0])
    if ('issues' in result) {
      const [issue] = result.issues
      throw new Error(`${issue!.path} ${issue!.message}`)
    }
    const others = inputs.slice(1).map((input) => parseRunConfig(input, where))
    return { ...described, config: result.config, problem: undefined, others }
  } catch (thrown) {
    return { ...described, config: undefined, problem: (thrown as Error).message, others: [] }
  }
}

function rank({ name }: Preset): number {
  const at = firstNames.indexOf(name)
  return at < 0 ? firstNames.length : at
}

function titleOf(name: string): string {
  const own = spellings[name]
  if (own !== undefined) return own
  const words = name.split('-').map((word) => spellings[word] ?? word)
  const title = words.join(' ')
  return title.charAt(0).toUpperCase() + title.slice(1)
}

/** Other presets that a text names, as their cards are called. */
function withTitles(text: string): string {
  return text.replace(/[a-z]+(?:-[a-z]+)+/g, (name) =>
    presetTexts.has(name) ? titleOf(name) : name,
  )
}

function firstSentence(yaml: string): string {
  const lines = yaml.split('\n')
  const end = lines.findIndex((line) => !/^# ./.test(line))
  const comment = lines
    .slice(0, Math.max(0, end))
    .map((line) => line.slice(2).trim())
    .join(' ')
  return /^.*?\.(?=\s|$)/.exec(comment)?.[0] ?? comment
}
