/** Whether something moves, and a call once it has come to rest. */
import { onBeforeUnmount } from 'vue'

export interface Settling {
  readonly isMoving: boolean
  /** Says that it moves now. */
  move(): void
}

/** @param settleMs without a move after which it rests */
export function useSettling(settleMs: number, atRest: () => void): Settling {
  let timer: ReturnType<typeof setTimeout> | undefined
  onBeforeUnmount(() => clearTimeout(timer))
  return {
    get isMoving() {
      return timer !== undefined
    },
    move() {
      clearTimeout(timer)
      timer = setTimeout(() => {
        timer = undefined
        atRest()
      }, settleMs)
    },
  }
}
