/** Listings of runs as rows, with their names; a row is made once for a listing and a name. */
import { computed } from 'vue'
import type { RunListing } from '../../core/engine/index.ts'
import { ConfigValues } from '../../core/runs/index.ts'
import { useRunNames } from '../stores/runNames.ts'
import { libraryRow, type LibraryRow } from './libraryRow.ts'

export function useLibraryRowsOf(listings: () => readonly RunListing[]) {
  const names = useRunNames()
  const made = new WeakMap<RunListing, LibraryRow>()

  function rowOf(listing: RunListing): LibraryRow {
    const title = names.of(listing.folder)
    const kept = made.get(listing)
    if (kept !== undefined && kept.title === title) return kept
    const row = libraryRow(listing, title)
    made.set(listing, row)
    return row
  }

  const all = computed<readonly LibraryRow[]>(() => listings().map(rowOf))
  /** Every key that some run has a value for. */
  const keys = computed(() => ConfigValues.pathsOf(all.value.map(({ values }) => values)))
  /** Every state, method, tag and dataset that some run has. */
  const facts = computed(() => new Set(all.value.flatMap((row) => [...row.facts])))
  return { all, keys, facts }
}
