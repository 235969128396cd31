import { describe, expect, it } from 'vitest'
import { heatPixels } from './heat.ts'

describe('heatPixels', () => {
  it('mixes between two colours and leaves empty what is NaN', () => {
    const pixels = heatPixels(Float32Array.of(0, 1, NaN), '#000000', '#ff8000')
    expect([...pixels.subarray(0, 8)]).toEqual([0, 0, 0, 255, 255, 128, 0, 255])
    expect(pixels[11]).toBe(0)
  })
})
