/** A version that rises no more often than people can read: numbers that change with every frame cost frames and tell nothing. */
import { onScopeDispose, ref, watch, type Ref } from 'vue'

const paceMs = 250

/**
 * @param version rises as often as it likes
 * @param turn what people wait for, such as the state of a run: the calm version rises with it at once
 */
export function useCalmVersion(version: () => unknown, turn: () => unknown): Readonly<Ref<number>> {
  const calm = ref(0)
  let timer: ReturnType<typeof setTimeout> | undefined
  function rise(): void {
    clearTimeout(timer)
    timer = undefined
    calm.value++
  }
  watch(version, () => (timer ??= setTimeout(rise, paceMs)))
  watch(turn, rise)
  onScopeDispose(() => clearTimeout(timer))
  return calm
}
