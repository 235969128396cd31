/** Files of weights come in parts, for they may be longer than an array. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { externalDataFrom } from './externalData.ts'

it('external data is the same however the file was cut', () => {
  const parts = fc.array(fc.uint8Array({ maxLength: 9 }), { maxLength: 6 })
  fc.assert(
    fc.property(parts, fc.nat(60), fc.option(fc.nat(60)), (cut, offset, length) => {
      const whole = Uint8Array.from(cut.flatMap((part) => [...part]))
      const read = externalDataFrom(new Map([['weights', cut]]))
      const end = length === null ? undefined : offset + length
      expect([...read('weights', offset, length ?? undefined)]).toEqual([
        ...whole.subarray(offset, end),
      ])
    }),
  )
})
