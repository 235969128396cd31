import { expect, it } from 'vitest'
import { finishingText } from './playRun.ts'

it('says how long the round in progress may take, where that is long or unknown', () => {
  expect(finishingText(540_000)).toContain('of about 9 min')
  expect(finishingText(undefined)).toContain('not known yet')
  expect(finishingText(50)).toContain('the round… (again to quit at once')
})
