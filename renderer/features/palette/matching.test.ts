/** The palette finds what is meant. */
import { expect, it } from 'vitest'
import { findMatches } from './matching.ts'

const items = [
  { title: 'Run this configuration', section: 'Run', words: 'start train' },
  { title: 'Runs', section: 'Go to' },
  { title: 'Dark theme', section: 'App', words: 'night' },
  { title: 'Stop the run', section: 'Run' },
]
const titles = (query: string) => findMatches(query, items).map(({ title }) => title)

it('puts what begins with the letters first', () => {
  expect(titles('run')).toEqual(['Runs', 'Run this configuration', 'Stop the run'])
})
it('finds by other words and by parts of words', () => {
  expect(titles('night')).toEqual(['Dark theme'])
  expect(titles('drkth')).toEqual(['Dark theme'])
  expect(titles('train run')).toEqual(['Run this configuration'])
})
it('finds nothing where nothing fits', () => {
  expect(titles('zzz')).toEqual([])
})
