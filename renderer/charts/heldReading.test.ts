import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { HeldReading } from './heldReading.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

describe('a held reading', () => {
  it('shows the first value at once, then the newest of each period', () => {
    const seen: number[] = []
    const reading = new HeldReading<number>(250, (value) => seen.push(value))
    for (let value = 0; value < 10; value++) {
      reading.offer(value)
      vi.advanceTimersByTime(50)
    }
    expect(seen).toEqual([0, 5])
    vi.advanceTimersByTime(1000)
    expect(seen).toEqual([0, 5, 9])
  })

  it('shows at once what a person asked for', () => {
    const seen: string[] = []
    const reading = new HeldReading<string>(250, (value) => seen.push(value))
    reading.offer('a')
    reading.offer('b')
    reading.expire()
    reading.offer('c')
    vi.advanceTimersByTime(1000)
    expect(seen).toEqual(['a', 'c'])
  })

  it('shows nothing once it is closed', () => {
    const seen: number[] = []
    const reading = new HeldReading<number>(250, (value) => seen.push(value))
    reading.offer(1)
    reading.offer(2)
    reading.close()
    vi.advanceTimersByTime(1000)
    expect(seen).toEqual([1])
  })
})
