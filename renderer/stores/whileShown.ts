/** What holds for as long as a view is the one that is shown: others are kept alive behind it. */
import { onActivated, onDeactivated, onMounted, onUnmounted, type ShallowRef } from 'vue'

export function whileShown(enter: () => void, leave: () => void): void {
  onMounted(enter)
  onActivated(enter)
  onDeactivated(leave)
  onUnmounted(leave)
}

/** Puts a view's own value where others look for it; the one that follows may have put its own. */
export function offerWhileShown<Value>(place: ShallowRef<Value | undefined>, value: Value): void {
  whileShown(
    () => (place.value = value),
    () => {
      if (place.value === value) place.value = undefined
    },
  )
}
