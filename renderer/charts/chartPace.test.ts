import { describe, expect, it } from 'vitest'
import {
  asked,
  covered,
  drawnInFull,
  isUrgent,
  looked,
  missed,
  newPace,
  newsDueAt,
  nextFull,
  restarted,
  stepOf,
  type ChartPace,
  type Step,
} from './chartPace.ts'

const live = { paceMs: 200, isLive: true }
const still = { paceMs: 200, isLive: false }
const never = { hasData: true, extend: () => false }
const always = { hasData: true, extend: () => true }

/** A chart that was drawn in full from 1000 on, in 10 ms. */
const shown = drawnInFull(looked(newPace(0), 1000), { from: 1000, to: 1010, hasData: true })

describe('the pace of a chart', () => {
  it('draws in full what was never drawn, and whatever somebody asked for', () => {
    expect(stepOf(newPace(0), 0, live, always)).toBe('full')
    for (const pace of [asked(shown), restarted(shown, 1500)])
      expect(stepOf(pace, 1500, live, always)).toBe('full')
  })

  it('extends what is shown where that is possible', () => {
    expect(stepOf(shown, 1001, live, always)).toBe('extended')
  })

  it('says that there is nothing to draw no longer than that is true', () => {
    const blank = drawnInFull(looked(newPace(0), 0), { from: 0, to: 5, hasData: false })
    expect(blank.phase).toBe('blank')
    expect(stepOf(blank, 50, live, { ...never, hasData: false })).toBe('nothing')
    expect(stepOf(blank, 50, live, never)).toBe('full')
    expect(newsDueAt(blank, live, false)).toBe(50)
  })

  it('waits until a full drawing is due, and then draws', () => {
    const due = nextFull(shown, live)
    expect(stepOf(shown, due - 1, live, never)).toEqual({ waitUntil: due })
    expect(stepOf(shown, due, live, never)).toBe('full')
  })

  it('takes at most a share of the time while a run goes on, and holds back for 4 s at most', () => {
    expect(nextFull(shown, live)).toBe(1000 + 1000)
    const slow = drawnInFull(looked(newPace(0), 60_000), {
      from: 60_000,
      to: 60_900,
      hasData: true,
    })
    expect(nextFull(slow, live)).toBe(64_000)
    const fast = drawnInFull(looked(newPace(0), 60_000), {
      from: 60_000,
      to: 60_010,
      hasData: true,
    })
    expect(nextFull(fast, live)).toBe(62_000)
  })

  it('is not held back when the run is over, or when people stare at it', () => {
    expect(nextFull(shown, still)).toBe(1200)
    const urgent = { paceMs: 16, isLive: true }
    expect(isUrgent(urgent)).toBe(true)
    expect(nextFull(shown, urgent)).toBe(1016)
  })

  it('in its first seconds is held back no longer than it has been there', () => {
    const first = drawnInFull(looked(newPace(0), 300), { from: 300, to: 1300, hasData: true })
    expect(nextFull(first, live)).toBe(600)
    expect(nextFull(restarted(first, 250), live)).toBe(500)
  })

  it('extends at its pace, and has new data wait for a full drawing otherwise', () => {
    expect(newsDueAt(shown, live, true)).toBe(1200)
    expect(newsDueAt(shown, live, false)).toBe(nextFull(shown, live))
  })

  it('remembers that a drawing was missed until it is looked at', () => {
    expect(newPace(0).isMissed).toBe(true)
    expect(shown.isMissed).toBe(false)
    expect(missed(shown).isMissed).toBe(true)
    expect(covered(missed(shown), 1100).isMissed).toBe(true)
    expect(looked(missed(shown), 1100).isMissed).toBe(false)
  })

  it('behind its table goes on at its pace, and keeps its phase', () => {
    const pace = covered(shown, 1100)
    expect(pace.phase).toBe('shown')
    expect(newsDueAt(pace, live, true)).toBe(1300)
  })

  it('comes to rest: without news every chain of looks ends', () => {
    let pace: ChartPace = newPace(0)
    let step: Step = 'nothing'
    for (let now = 0; now < 20_000; now += 10) {
      step = stepOf(looked(pace, now), now, live, { hasData: true, extend: () => now > 5000 })
      pace = looked(pace, now)
      if (step === 'full') pace = drawnInFull(pace, { from: now, to: now + 3, hasData: true })
    }
    expect(step).toBe('extended')
    expect(pace.phase).toBe('shown')
  })
})
