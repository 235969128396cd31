/**
 * A chart's heading shows its name and at most one more row of its legend, until a person unfolds
 * it: the plot keeps its place.
 */
import { onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from 'vue'

/** Where the second row ends, in px: 4 above, a row of buttons of 28, a row of names of 20. */
const foldedHeight = 54

/**
 * @param heading that holds the legend's entries, each marked `data-entry`, in flow
 * @returns `measure` is to be called when entries may stand elsewhere; the heading's width is
 *   watched here
 */
export function useLegendRows(heading: Readonly<ShallowRef<HTMLElement | null>>): {
  /** Entries that are within two rows. */
  readonly fitting: Readonly<Ref<number>>
  /** Entries that are not. */
  readonly folded: Readonly<Ref<number>>
  readonly measure: () => void
} {
  const fitting = shallowRef(Infinity)
  const folded = shallowRef(0)

  function measure(): void {
    if (heading.value === null) return
    const entries = [...heading.value.querySelectorAll<HTMLElement>('[data-entry]')]
    const first = entries.findIndex((it) => it.offsetTop + it.offsetHeight > foldedHeight)
    fitting.value = first < 0 ? Infinity : first
    folded.value = first < 0 ? 0 : entries.length - first
  }

  const resized = new ResizeObserver(measure)
  watch(
    heading,
    (now) => {
      resized.disconnect()
      if (now !== null) resized.observe(now)
    },
    { immediate: true, flush: 'post' },
  )
  onScopeDispose(() => resized.disconnect())
  return { fitting, folded, measure }
}
