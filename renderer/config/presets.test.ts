/** What the cards of the presets are called. */
import { expect, it } from 'vitest'
import { presets } from './presets.ts'

it('tells the radio LoRa from the adapter LoRA', () => {
  const titles = presets.map(({ title }) => title)
  expect(titles).toContain('On LoRa')
  expect(titles).toContain('Spam LoRA')
})
