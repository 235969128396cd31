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
