/** One Tab stop for a row of elements, and the arrow keys between them. */
import { ref } from 'vue'

export function useRovingFocus() {
  const focused = ref(0)

  /** What each element of the row binds, by its place. */
  function itemAt(index: number) {
    return {
      tabindex: index === focused.value ? 0 : -1,
      onFocus: () => (focused.value = index),
      onKeydown: (event: KeyboardEvent) => move(event),
    }
  }

  function move(event: KeyboardEvent): void {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    const own = event.currentTarget as HTMLElement
    if (by === undefined || event.target !== own) return
    const row = [...(own.parentElement?.children ?? [])]
    const next = row[row.indexOf(own) + by]
    event.preventDefault()
    event.stopPropagation()
    if (next instanceof HTMLElement) next.focus()
  }

  return { itemAt }
}
