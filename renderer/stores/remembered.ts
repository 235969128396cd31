/**
 * Small things that outlive the window - panel widths, the last view - in localStorage, so that
 * they are there before the first paint.
 */
import { ref, watch, type Ref } from 'vue'

const prefix = 'hiso.'
const shared = new Map<string, Ref<unknown>>()

/**
 * A ref that is kept under a key; the same key gives the same ref. A stored value of another type
 * than `initial` is ignored.
 */
export function remembered<Value>(key: string, initial: Value): Ref<Value> {
  const known = shared.get(key)
  if (known !== undefined) return known as Ref<Value>
  const value = ref(read(key, initial)) as Ref<Value>
  watch(value, (next) => write(key, next), { deep: true })
  shared.set(key, value)
  return value
}

function read<Value>(key: string, initial: Value): Value {
  try {
    const text = localStorage.getItem(prefix + key)
    if (text === null) return initial
    const value = JSON.parse(text) as Value
    return initial === undefined || initial === null || typeof value === typeof initial
      ? value
      : initial
  } catch {
    return initial
  }
}

function write(key: string, value: unknown): void {
  try {
    localStorage.setItem(prefix + key, JSON.stringify(value))
  } catch {
    // A full or missing storage costs the memory of a panel's width, nothing more.
  }
}
