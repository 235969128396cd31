import { expect, it } from 'vitest'
import { pictureLines } from './picture.ts'

it('draws ink from the least to the greatest value, two rows of pixels in a line; half a line is half inked', () => {
  const values = [0, 10, 10, 0, 10, 0]
  expect(pictureLines(values, 2, { min: 0, max: 10 })).toEqual(['++', '+ '])
})

it('is blank where all values are the same', () => {
  expect(pictureLines([7, 7, 7, 7], 2, { min: 7, max: 7 })).toEqual(['  '])
})
