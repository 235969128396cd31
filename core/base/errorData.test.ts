import { expect, test } from 'vitest'
import { errorFromData, errorToData } from './errorData.ts'
import { HisoError } from './errors.ts'

test.each([
  { what: 'it is wrong' },
  { what: 'it is wrong', where: 'a.b' },
  { what: 'it is wrong', where: 'a.b', remedy: 'Mend it' },
])('a HisoError comes back as it was sent: %j', (detail) => {
  const error = new HisoError('CONFIG_INVALID', detail)
  const back = errorFromData(structuredClone(errorToData(error)))
  expect(back).toBeInstanceOf(HisoError)
  expect(back).toMatchObject({ code: 'CONFIG_INVALID', message: error.message, ...detail })
})

test.each([
  ['a value', `there is no "${'b'.repeat(50_000)}"`],
  ['lines', Array.from({ length: 500 }, (_, i) => `  key${i} is not known`).join('\n')],
])('what was shortened stays as it is on the way: %s', (_, what) => {
  const error = new HisoError('CONFIG_INVALID', { what })
  const once = errorFromData(errorToData(error))
  expect(once.message).toBe(error.message)
  expect(errorFromData(errorToData(once)).message).toBe(error.message)
})

test('a mistake of ours keeps its message and has no code', () => {
  const back = errorFromData(errorToData(new TypeError('x is not a function')))
  expect(back).not.toBeInstanceOf(HisoError)
  expect(back.message).toBe('x is not a function')
})
