/** Previews follow the newest key, never ask twice at once, and drop stale answers. */
import { effectScope, nextTick, ref } from 'vue'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { usePreview } from './usePreview.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

function rehearsal() {
  const key = ref<string | undefined>('a')
  const asked: {
    key: string
    resolve: (answer: string) => void
    reject: (error: unknown) => void
  }[] = []
  const scope = effectScope()
  const preview = scope.run(() =>
    usePreview(
      key,
      (of) => new Promise<string>((resolve, reject) => asked.push({ key: of, resolve, reject })),
      100,
    ),
  )!
  return { key, asked, preview, scope }
}

it('asks at rest, one at a time, and shows only the answer to the newest key', async () => {
  const { key, asked, preview } = rehearsal()
  await vi.advanceTimersByTimeAsync(1)
  key.value = 'b'
  await nextTick()
  key.value = 'c'
  await vi.advanceTimersByTimeAsync(500)
  expect(asked.map((each) => each.key)).toEqual(['a'])
  asked[0]!.resolve('answer to a')
  await vi.advanceTimersByTimeAsync(1)
  expect(preview.value).toBeUndefined()
  expect(asked.map((each) => each.key)).toEqual(['a', 'c'])
  asked[1]!.resolve('answer to c')
  await vi.advanceTimersByTimeAsync(1)
  expect(preview).toMatchObject({ value: 'answer to c', isStale: false })
})

it('says what the engine said, and keeps the old answer while it waits', async () => {
  const { key, asked, preview } = rehearsal()
  await vi.advanceTimersByTimeAsync(1)
  asked[0]!.resolve('first')
  await vi.advanceTimersByTimeAsync(1)
  key.value = 'b'
  await nextTick()
  expect(preview).toMatchObject({ value: 'first', isStale: true })
  await vi.advanceTimersByTimeAsync(200)
  asked[1]!.reject({ what: 'too few samples', remedy: 'Use fewer clients' })
  await vi.advanceTimersByTimeAsync(1)
  expect(preview).toMatchObject({ value: undefined, error: 'Too few samples. Use fewer clients' })
})

it('asks nothing any more once its owner is gone, and clears without a key', async () => {
  const { key, asked, preview, scope } = rehearsal()
  key.value = undefined
  await nextTick()
  expect(preview.isStale).toBe(false)
  key.value = 'b'
  await nextTick()
  scope.stop()
  await vi.advanceTimersByTimeAsync(500)
  expect(asked.length).toBe(0)
})

it('says when an answer takes long, and gives it up when asked to', async () => {
  const { key, asked, preview } = rehearsal()
  await vi.advanceTimersByTimeAsync(1000)
  expect(preview.isSlow).toBe(false)
  await vi.advanceTimersByTimeAsync(1500)
  expect(preview.isSlow).toBe(true)
  preview.cancel()
  asked[0]!.reject(new Error('given up'))
  await vi.advanceTimersByTimeAsync(500)
  expect(preview).toMatchObject({ isSlow: false, isStale: false })
  expect(preview.error).toContain('Cancelled')
  key.value = 'b'
  await vi.advanceTimersByTimeAsync(500)
  expect(asked.map((each) => each.key)).toEqual(['a', 'b'])
})
