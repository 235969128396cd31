/** A version that rises no more often than people can read: numbers that change with every frame cost frames and tell nothing. */
import { onScopeDispose, ref, watch, type Ref } from 'vue'

const paceMs = 200

export function useCalmVersion(version: () => number): Readonly<Ref<number>> {
  const calm = ref(version())
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(version, () => {
    timer ??= setTimeout(() => {
      timer = undefined
      calm.value = version()
    }, paceMs)
  })
  onScopeDispose(() => clearTimeout(timer))
  return calm
}
