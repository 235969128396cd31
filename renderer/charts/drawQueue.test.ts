import { describe, expect, it } from 'vitest'
import { DrawQueue } from './drawQueue.ts'

function fakeFrames() {
  const callbacks: (() => void)[] = []
  let now = 0
  return {
    frames: { request: (callback: () => void) => callbacks.push(callback), now: () => now },
    pass: (ms: number) => (now += ms),
    next: () => callbacks.shift()?.(),
    count: () => callbacks.length,
  }
}

describe('DrawQueue', () => {
  it('draws once per frame, however often it is asked', () => {
    const { frames, next, count } = fakeFrames()
    const queue = new DrawQueue(frames)
    let drawn = 0
    const draw = () => drawn++
    for (let at = 0; at < 100; at++) queue.request(draw)
    expect(count()).toBe(1)
    next()
    expect(drawn).toBe(1)
    expect(count()).toBe(0)
  })

  it('leaves to the next frame what this one has no time for', () => {
    const { frames, next, pass } = fakeFrames()
    const queue = new DrawQueue(frames)
    const drawn: string[] = []
    for (const name of ['a', 'b', 'c']) queue.request(() => (drawn.push(name), pass(10)))
    next()
    expect(drawn).toEqual(['a', 'b'])
    next()
    expect(drawn).toEqual(['a', 'b', 'c'])
  })

  it('draws what is urgent first, and still one of the others in every frame', () => {
    const { frames, next, pass } = fakeFrames()
    const queue = new DrawQueue(frames)
    const drawn: string[] = []
    const drawing = (name: string) => () => (drawn.push(name), pass(20))
    queue.request(drawing('a'))
    queue.request(drawing('b'))
    queue.request(drawing('urgent'), true)
    next()
    queue.request(drawing('urgent again'), true)
    next()
    expect(drawn).toEqual(['urgent', 'a', 'urgent again', 'b'])
  })

  it('draws nothing that was cancelled', () => {
    const { frames, next } = fakeFrames()
    const queue = new DrawQueue(frames)
    let drawn = 0
    const draw = () => drawn++
    queue.request(draw)
    queue.cancel(draw)
    next()
    expect(drawn).toBe(0)
  })
})
