/** Tags of several runs: only runs that change get new notes. */
import { expect, it } from 'vitest'
import type { RunListing } from '../../../core/engine/index.ts'
import { tagCounts, withoutTag, withTag } from './tags.ts'

const tagged = (folder: string, ...tags: string[]) => ({
  folder,
  listing: { notes: { tags, text: 'kept' } } as unknown as RunListing,
})
const rows = [tagged('a', 'paper'), tagged('b', 'paper', 'draft'), tagged('c')]

it('counts them, the most frequent first', () => {
  expect(tagCounts(rows)).toEqual([
    { tag: 'paper', count: 2 },
    { tag: 'draft', count: 1 },
  ])
})

it('gives several to the runs that lack them, and keeps the rest of their notes', () => {
  expect([...withTag(rows, ' paper, draft ,')]).toEqual([
    ['a', { tags: ['paper', 'draft'], text: 'kept' }],
    ['c', { tags: ['paper', 'draft'], text: 'kept' }],
  ])
})

it('takes one from those that have it', () => {
  expect([...withoutTag(rows, 'paper')]).toEqual([
    ['a', { tags: [], text: 'kept' }],
    ['b', { tags: ['draft'], text: 'kept' }],
  ])
})
