import { expect, it } from 'vitest'
import { noRoundsOf } from './noRounds.ts'
import { createOpenRun, type RunState } from './openRun.ts'

const runIn = (state: RunState, rounds = 0) => Object.assign(createOpenRun('/a'), { state, rounds })

it('says why there is no round to show, and offers to continue where that would change it', () => {
  const states = ['loading', 'running', 'paused', 'interrupted', 'finished', 'stopped'] as const
  const said = states.map((state) => noRoundsOf(runIn(state), false)!)
  expect(new Set(said.map(({ title }) => title)).size).toBe(5)
  expect(said.filter(({ isPaused }) => isPaused)).toHaveLength(1)
})

it('is silent where there is a round, or no run', () => {
  expect(noRoundsOf(runIn('paused', 1), false)).toBeUndefined()
  expect(noRoundsOf(undefined, false)).toBeUndefined()
})

it('does not say that there is nothing while the library is being opened', () => {
  expect(noRoundsOf(undefined, true)?.title).toBe('Opening the library…')
})
