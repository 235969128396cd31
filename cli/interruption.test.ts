/** Ctrl-C, once and twice. */
import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { Interruption } from './interruption.ts'

function listening() {
  const source = new EventEmitter()
  const asked: string[] = []
  let now = 0
  const interruption = new Interruption({
    source,
    now: () => now,
    onFirst: (signal) => asked.push(`stop ${signal}`),
    onSecond: (signal) => asked.push(`quit ${signal}`),
  })
  const press = (signal: NodeJS.Signals, at: number) => {
    now = at
    source.emit(signal)
  }
  return { source, asked, interruption, press }
}

describe('an interruption', () => {
  it('asks for an orderly end first, and for an end at once when it comes again', () => {
    const { press, asked, interruption } = listening()
    press('SIGINT', 0)
    press('SIGINT', 1000)
    expect(asked).toEqual(['stop SIGINT', 'quit SIGINT'])
    expect(interruption.signal).toBe('SIGINT')
  })

  it('counts once when npm forwards it too', () => {
    const { press, asked } = listening()
    press('SIGINT', 0)
    press('SIGINT', 5)
    expect(asked).toEqual(['stop SIGINT'])
  })

  it('by a reader that has gone is told again with every write, and stays the first', () => {
    const { asked, interruption, press } = listening()
    interruption.arrive('SIGPIPE')
    press('SIGTERM', 0)
    interruption.arrive('SIGPIPE')
    expect(asked).toEqual(['stop SIGPIPE'])
    press('SIGTERM', 500)
    interruption.arrive('SIGPIPE')
    expect(asked).toEqual(['stop SIGPIPE', 'quit SIGTERM'])
  })

  it('is not heard any more once closed', () => {
    const { source, interruption, press, asked } = listening()
    interruption.close()
    press('SIGINT', 0)
    expect(asked).toEqual([])
    expect(source.eventNames()).toEqual([])
  })
})
