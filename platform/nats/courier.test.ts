import { expect, it } from 'vitest'
import { UnfinishedMessages } from './courier.ts'
import { readEnvelope } from './subjects.ts'

const part = (sender: number, isMore: boolean, length: number) => {
  const data = new Uint8Array(9 + length).fill(7)
  data[0] = isMore ? 1 : 0
  new DataView(data.buffer).setUint32(1, sender)
  return { data, respond: () => true }
}

it('a message comes in parts, between those of others', () => {
  const unfinished = new UnfinishedMessages(100)
  expect(unfinished.collect(part(1, true, 10))).toBeUndefined()
  expect(unfinished.collect(part(2, true, 20))).toBeUndefined()
  expect(unfinished.collect(part(1, false, 5))).toHaveLength(15)
  expect(unfinished.collect(part(2, true, 90))).toBeUndefined()
  expect(unfinished.bytes).toBe(0)
})

it('messages that are begun without end do not fill the memory', () => {
  const unfinished = new UnfinishedMessages(Infinity)
  for (let sender = 0; sender < 5000; sender++) unfinished.collect(part(sender, true, 1000))
  expect(unfinished.bytes).toBeLessThanOrEqual(64_000)
  expect(unfinished.collect(part(4999, false, 1))).toHaveLength(1001)
})

it.each([null, 7, {}, { session: 'a' }, { session: '../x', type: 'leave' }, { type: 'request' }])(
  '%j takes no worker',
  (data) => {
    expect(() => readEnvelope(data)).toThrow()
  },
)
