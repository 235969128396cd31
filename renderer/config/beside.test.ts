/** What is played beside a config follows it; a saved file or a copied command plays the same. */
import { describe, expect, it } from 'vitest'
import {
  configsOf,
  overrideConfig,
  parseRunConfig,
  readConfigText,
  type RunConfig,
} from '../../core/config/index.ts'
import { besideOf, comparedText } from './beside.ts'
import { commandLine } from './commandLine.ts'
import { presets, startOf } from './presets.ts'

const compared = presets.flatMap((preset) => {
  const start = startOf(preset)
  return start !== undefined && start.beside.length > 0 ? [start] : []
})
const threeWays = compared.find(({ name }) => name === 'three-ways')!

function changed(...overrides: string[]): RunConfig {
  return parseRunConfig(overrideConfig(threeWays.config, overrides))
}
const ratesOf = (configs: readonly RunConfig[]) => configs.map(({ method }) => method.learningRate)

describe('what is played beside a config', () => {
  it('is what the preset names, as long as nothing is changed', () => {
    for (const start of compared)
      expect(besideOf(start, start.config), start.name).toEqual(start.beside)
  })

  it('follows what is changed, but for what each has of its own', () => {
    const now = changed('split.alpha=0.3', 'federation.rounds=7', 'method.learningRate=0.5')
    const beside = besideOf(threeWays, now)
    expect(beside.map(({ split }) => split)).toEqual([now.split, now.split])
    expect(beside.map(({ federation }) => federation.rounds)).toEqual([7, 7])
    expect(ratesOf(beside)).toEqual(ratesOf(threeWays.beside))
  })

  it('takes another kind of a group whole', () => {
    const now = changed('split.kind=iid')
    expect(besideOf(threeWays, now).map(({ split }) => split)).toEqual([now.split, now.split])
  })

  it('is nothing where another method is chosen', () => {
    expect(besideOf(threeWays, changed('method.name=fedzo'))).toEqual([])
  })
})

describe('a saved file', () => {
  it('plays all that the form would', () => {
    for (const start of compared) {
      const now = parseRunConfig(overrideConfig(start.config, ['federation.rounds=9', 'seed=77']))
      const beside = besideOf(start, now)
      const read = configsOf(readConfigText(comparedText(now, beside), 'saved'), 'saved')
      expect(
        read.map((input) => parseRunConfig(input, 'saved')),
        start.name,
      ).toEqual([now, ...beside])
    }
  })
})

describe('a copied command', () => {
  const now = changed('federation.rounds=7', 'method.learningRate=0.5')

  it('changes the rate of the first method only', () => {
    expect(commandLine(threeWays, now, besideOf(threeWays, now))).toBe(
      'hiso run three-ways --set federation.rounds=7 --set hiso:method.learningRate=0.5',
    )
  })

  it('names the method that is to be played alone', () => {
    expect(commandLine(threeWays, now)).toBe(
      'hiso run three-ways --set federation.rounds=7 --set method.learningRate=0.5 --set method.name=hiso',
    )
  })
})
