/** The library on screen: its rows, read anew when runs come and go, filtered and sorted. */
import { computed, onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import { useEngine } from '../../stores/engine.ts'
import { useLibrary } from '../../stores/library.ts'
import { remembered } from '../../stores/remembered.ts'
import { useRuns } from '../../stores/runs.ts'
import { useCalmVersion } from '../../stores/useCalmVersion.ts'
import { asItIsNow } from '../../library/liveListing.ts'
import { useLibraryRowsOf } from '../../library/useLibraryRowsOf.ts'
import { sortRows, type RunOrder } from '../../library/runOrder.ts'

export function useLibraryRows(isShown: Ref<boolean>) {
  const library = useLibrary()
  const engine = useEngine()
  const runs = useRuns()
  const calm = useCalmVersion(
    () => isShown.value && runs.live.map(({ version }) => version).join(),
    () => runs.live.map(({ state }) => state).join(),
  )
  /** Those that go on as they are now, not as they were when the library was read. */
  const listings = computed(() => {
    void calm.value
    if (runs.live.length === 0) return library.listings
    const live = new Map(runs.live.map((run) => [run.folder, run]))
    return library.listings.map((listing) => asItIsNow(listing, live.get(listing.folder)))
  })
  const { all, settings, facts, filterOf } = useLibraryRowsOf(() => listings.value)
  const filter = shallowRef('')
  const order = remembered<RunOrder>('runs.order', { key: 'created', isDescending: true })

  const parsed = computed(() => filterOf(filter.value))
  const matching = computed(() => all.value.filter(parsed.value.matches))
  const rows = computed(() => sortRows(matching.value, order.value))
  const problem = computed(() => parsed.value.problem)

  watch(
    [isShown, () => engine.isReady, () => runs.live.length],
    () => {
      if (isShown.value) void library.read()
    },
    { immediate: true },
  )
  // The first letter of a filter finds what it needs.
  const prepare = () => facts.value.size > 0 && all.value.map(({ text, values }) => [text, values])
  watch(all, () => requestIdleCallback(prepare), { immediate: true })
  onScopeDispose(runs.onEnded(() => isShown.value && void library.read()))

  return { all, rows, settings, filter, order, problem }
}
