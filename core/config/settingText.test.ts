/** Settings and their values as tables say them. */
import { expect, it } from 'vitest'
import { settingValue } from './settingText.ts'

it('says choices in words, and names and numbers as they are', () => {
  expect(settingValue('method.name', 'decomfl')).toBe('DeComFL')
  expect(settingValue('split.kind', 'quantity')).toBe('Power law')
  expect(settingValue('task.dataset', 'data/my-mails.csv')).toBe('data/my-mails.csv')
  expect(settingValue('method.hessian.epsilon', 1e-8)).toBe('1e-8')
  expect(settingValue('method.hessian.redraw', false)).toBe('off')
  expect(settingValue('task.hidden', [32, 16])).toBe('[32,16]')
  expect(settingValue('split.alpha', undefined)).toBe('–')
})
