/** A double click, or a key that repeats, is one press. */
const onePressMs = 500

export function useOnePress() {
  let pressedAt = -Infinity
  return {
    /** Asked at each press. */
    isRepeated(): boolean {
      const now = performance.now()
      const before = pressedAt
      pressedAt = now
      return now - before < onePressMs
    },
    /** The next press is one of its own, whenever it comes. */
    forget(): void {
      pressedAt = -Infinity
    },
  }
}
