import { describe, expect, it } from 'vitest'
import { createChartGroup } from './chartGroup.ts'

describe('a chart group', () => {
  it('shows everything and follows it until it is zoomed', () => {
    let to = 100
    const group = createChartGroup(() => ({ from: 0, to }))
    expect(group.window()).toEqual({ from: 0, to: 100 })
    to = 200
    expect(group.window()).toEqual({ from: 0, to: 200 })
    group.select({ from: 50, to: 60 })
    to = 300
    expect(group.window()).toEqual({ from: 50, to: 60 })
    group.reset()
    expect(group.window().to).toBe(300)
  })

  it('zooms around the point that is pointed at', () => {
    const group = createChartGroup(() => ({ from: 0, to: 100 }))
    group.zoom(25, 0.5)
    expect(group.window()).toEqual({ from: 12.5, to: 62.5 })
    group.zoom(25, 10)
    expect(group.zoomed.value).toBeUndefined()
  })

  it('pans to the ends and no further', () => {
    const group = createChartGroup(() => ({ from: 0, to: 100 }))
    group.select({ from: 40, to: 50 })
    group.pan(100)
    expect(group.window()).toEqual({ from: 90, to: 100 })
    group.pan(-100)
    expect(group.window()).toEqual({ from: 0, to: 10 })
  })

  it('zooms and pans by factors on a log axis', () => {
    const group = createChartGroup(
      () => ({ from: 1, to: 10_000 }),
      () => 'log',
    )
    group.zoom(100, 0.5)
    expect(group.window().from).toBeCloseTo(10, 6)
    expect(group.window().to).toBeCloseTo(1000, 6)
    group.pan(0.5)
    expect(group.window().to).toBeCloseTo(10_000, 3)
  })
})
