/** Listings of runs as rows, with their names; a row is made once for a listing and a name. */
import { computed } from 'vue'
import type { RunListing } from '../../core/engine/index.ts'
import { ConfigValues } from '../../core/runs/index.ts'
import { useRunNames } from '../stores/runNames.ts'
import { LibraryRow, resultKeys } from './libraryRow.ts'
import { parseFilter, type RunFilter } from './runFilter.ts'

/** Without looking at the rows. */
const everything: RunFilter = { matches: () => true }

export function useLibraryRowsOf(listings: () => readonly RunListing[]) {
  const names = useRunNames()
  const made = new WeakMap<RunListing, LibraryRow>()

  function rowOf(listing: RunListing): LibraryRow {
    const title = names.of(listing.folder)
    const kept = made.get(listing)
    if (kept !== undefined && kept.title === title) return kept
    const row = new LibraryRow(listing, title)
    made.set(listing, row)
    return row
  }

  const all = computed<readonly LibraryRow[]>(() => listings().map(rowOf))
  /** Every setting that some run has. */
  const settings = computed(() => ConfigValues.pathsOf(all.value.map((row) => row.settings)))
  /** What conditions may ask for: every setting and result that some run has. */
  const keys = computed(() => {
    const measured = resultKeys.filter((key) => all.value.some(({ values }) => values.has(key)))
    return new Set([...settings.value, ...measured])
  })
  /** Every state, method, tag and dataset that some run has. */
  const facts = computed(() => new Set(all.value.flatMap((row) => [...row.facts])))

  const filterOf = (text: string): RunFilter =>
    text.trim() === '' ? everything : parseFilter(text, keys.value, facts.value)

  return { all, settings, facts, filterOf }
}
