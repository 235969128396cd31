/**
 * A version that rises no more often than people can read: numbers that change with every frame
 * cost frames and tell nothing.
 */
import { onScopeDispose, ref, watch, type Ref } from 'vue'

const paceMs = 250

/**
 * @param version rises as often as it likes
 * @param turn what people wait for, such as the state of a run: the calm version rises with it at
 *   once
 */
export function useCalmVersion(version: () => unknown, turn: () => unknown): Readonly<Ref<number>> {
  const calm = ref(0)
  let roseAt = -Infinity
  let timer: ReturnType<typeof setTimeout> | undefined
  function rise(): void {
    clearTimeout(timer)
    timer = undefined
    roseAt = performance.now()
    calm.value++
  }
  // With the version, in the frame that it costs anyway; the timer is for the last one, behind
  // which none comes.
  watch(version, () => {
    if (performance.now() - roseAt >= paceMs) rise()
    else timer ??= setTimeout(rise, paceMs)
  })
  watch(turn, rise)
  onScopeDispose(() => clearTimeout(timer))
  return calm
}
