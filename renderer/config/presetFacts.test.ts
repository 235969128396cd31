/** What the card of a preset says of it. */
import { expect, it } from 'vitest'
import { parseRunConfig } from '../../core/config/index.ts'
import { presetFacts } from './presetFacts.ts'

const configOf = (name: string) =>
  parseRunConfig({ name: 'a', task: { kind: 'quadratic', dim: 20 }, method: { name } })

it('names every method that is played, each once', () => {
  const [hiso, decomfl] = [configOf('hiso'), configOf('decomfl')]
  expect(presetFacts(hiso)[1]).toBe('HiSo')
  expect(presetFacts(hiso, [decomfl, decomfl])[1]).toBe('HiSo · DeComFL')
})
