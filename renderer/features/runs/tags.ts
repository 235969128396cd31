/** Tags of several runs at once: which they have, and their notes with one more or one less. */
import type { RunNotes } from '../../../core/runs/index.ts'
import type { LibraryRow } from '../../library/libraryRow.ts'

type Tagged = Pick<LibraryRow, 'folder' | 'listing'>

/** How many of the runs have each tag; the most frequent first. */
export function tagCounts(rows: readonly Tagged[]): { tag: string; count: number }[] {
  const counts = new Map<string, number>()
  for (const { listing } of rows)
    for (const tag of listing.notes.tags) counts.set(tag, (counts.get(tag) ?? 0) + 1)
  return [...counts]
    .map(([tag, count]) => ({ tag, count }))
    .sort((a, b) => b.count - a.count || a.tag.localeCompare(b.tag))
}

/**
 * New notes, by folder, of the runs that change.
 * @param typed one tag or several, separated by commas
 */
export function withTag(rows: readonly Tagged[], typed: string): Map<string, RunNotes> {
  const added = typed
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '')
  return changed(rows, (tags) => [...new Set([...tags, ...added])])
}

export function withoutTag(rows: readonly Tagged[], tag: string): Map<string, RunNotes> {
  return changed(rows, (tags) => tags.filter((own) => own !== tag))
}

function changed(
  rows: readonly Tagged[],
  change: (tags: readonly string[]) => string[],
): Map<string, RunNotes> {
  return new Map(
    rows.flatMap(({ folder, listing: { notes } }) => {
      const tags = change(notes.tags)
      return tags.length === notes.tags.length ? [] : [[folder, { ...notes, tags }] as const]
    }),
  )
}
