import { expect, it } from 'vitest'
import { HisoError } from './errors.ts'

it('an error told of a file keeps its code, place and remedy', () => {
  const error = new HisoError('MODEL_INVALID', {
    where: 'conv1',
    what: 'it is torn',
    remedy: 'Copy it',
  })
  expect(error.within('a.onnx')).toMatchObject({
    code: 'MODEL_INVALID',
    message: 'a.onnx: conv1: it is torn. Copy it',
    remedy: 'Copy it',
    cause: error,
  })
  expect(new HisoError('MODEL_INVALID', { what: 'it is torn' }).within('a.onnx').message).toBe(
    'a.onnx: it is torn',
  )
})

it('shows the beginning and the end of values that are too long for a message', () => {
  const value = `a${'b'.repeat(50_000)}c`
  const { message } = new HisoError('CONFIG_INVALID', {
    where: value,
    what: `seed must be a number (got "${value}")`,
    remedy: `Choose another than ${value}`,
  })
  expect(message.length).toBeLessThan(2000)
  expect(message).toMatch(/^ab+….*must be a number.*b+c"\) \(\d+ characters\)/)
  const lines = Array.from({ length: 500 }, (_, i) => `  key${i} is not known`).join('\n')
  const many = new HisoError('CONFIG_INVALID', { what: lines })
  expect(many.message).toMatch(/key29 is not known\n {2}and 470 more lines$/)
})
