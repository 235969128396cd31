/**
 * An answer of the engine that follows the draft: asked when the draft rests, one question at a
 * time. A newer question gives the one before it up, and so does leaving the page.
 */
import { asSentence } from '../components/asSentence.ts'
import { onScopeDispose, shallowReactive, watch, type WatchSource } from 'vue'

export interface Preview<Answer> {
  /** The newest answer; it stays while the next is on its way. */
  value: Answer | undefined
  /** What the engine said instead. */
  error: string | undefined
  /** What the error is about: the path of a setting, or a file. */
  where: string | undefined
  /** The value or the error belongs to an earlier draft. */
  isStale: boolean
  /** The question takes so long that one may want to give it up. */
  isSlow: boolean
  /** Gives the open question up; the next change asks again. */
  readonly cancel: () => void
}

/** Most answers are there before. */
const slowMs = 2000

/**
 * @param key what the answer depends on; undefined asks nothing and clears
 * @param restMs how long the key must rest before the engine is asked
 */
export function usePreview<Key, Answer>(
  key: WatchSource<Key | undefined>,
  ask: (key: Key, signal: AbortSignal) => Promise<Answer>,
  restMs = 250,
): Preview<Answer> {
  const nothing = { value: undefined, error: undefined, where: undefined, isStale: false }
  const preview = shallowReactive<Preview<Answer>>({ ...nothing, isSlow: false, cancel })
  let timer: ReturnType<typeof setTimeout> | undefined
  let slowTimer: ReturnType<typeof setTimeout> | undefined
  let waiting: Key | undefined
  let open: AbortController | undefined
  let version = 0

  watch(
    key,
    (next) => {
      clearTimeout(timer)
      version++
      if (next === undefined) {
        Object.assign(preview, nothing)
        waiting = undefined
        open?.abort()
        return
      }
      preview.isStale = true
      waiting = next
      timer = setTimeout(flush, preview.value === undefined ? 0 : restMs)
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    clearTimeout(timer)
    clearTimeout(slowTimer)
    waiting = undefined
    open?.abort()
  })

  function cancel(): void {
    if (open === undefined) return
    clearTimeout(timer)
    waiting = undefined
    open.abort()
    Object.assign(preview, { ...nothing, error: 'Cancelled. Any change of the form asks again' })
  }

  /**
   * While a question is open the next one gives it up and waits for its end: the engine is never
   * asked twice at once.
   */
  function flush(): void {
    if (waiting === undefined) return
    if (open !== undefined) {
      open.abort()
      return
    }
    const asked = waiting
    const mine = version
    waiting = undefined
    const own = new AbortController()
    open = own
    slowTimer = setTimeout(() => (preview.isSlow = true), slowMs)
    ask(asked, own.signal)
      .then(
        (answer) => {
          if (mine === version) Object.assign(preview, { ...nothing, value: answer })
        },
        (thrown: unknown) => {
          if (mine !== version || own.signal.aborted) return
          const { where } = thrown as { where?: string }
          Object.assign(preview, { ...nothing, error: sentenceOf(thrown), where })
        },
      )
      .finally(() => {
        clearTimeout(slowTimer)
        preview.isSlow = false
        open = undefined
        flush()
      })
  }

  return preview
}

function sentenceOf(thrown: unknown): string {
  const { what, remedy, message } = thrown as { what?: string; remedy?: string; message?: string }
  if (what === undefined) return message ?? String(thrown)
  return `${asSentence(what)}${remedy === undefined ? '' : `. ${remedy}`}`
}
