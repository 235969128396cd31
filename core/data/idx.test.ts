import { describe, expect, it } from 'vitest'
import { parseIdxImages, parseIdxLabels } from './idx.ts'

const header = (type: number, ...sizes: number[]) => [
  ...[0, 0, type, sizes.length],
  ...sizes.flatMap((size) => [size >>> 24, (size >>> 16) & 255, (size >>> 8) & 255, size & 255]),
]
const images = Uint8Array.from([...header(8, 2, 2, 3), ...Array.from({ length: 12 }, (_, i) => i)])
const labels = Uint8Array.from([...header(8, 3), 7, 0, 255])

describe('idx files', () => {
  it('are read with their dimensions', () => {
    const { count, height, width, pixels } = parseIdxImages(images, 'images')
    expect({ count, height, width }).toEqual({ count: 2, height: 2, width: 3 })
    expect([...pixels]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
    expect([...parseIdxLabels(labels, 'labels')]).toEqual([7, 0, 255])
  })

  it('are read from a view into a larger buffer', () => {
    const larger = new Uint8Array(labels.length + 5)
    larger.set(labels, 5)
    expect([...parseIdxLabels(larger.subarray(5), 'labels')]).toEqual([7, 0, 255])
  })

  it.each([
    ['nothing', new Uint8Array(0), 'cut short: it has 0 bytes'],
    [
      'a PNG',
      Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 1, 2, 3]),
      'starts with the bytes 89 50 4e 47',
    ],
    [
      'labels',
      labels,
      'has 1 dimension, but images have 3. Check that the files of images and of labels',
    ],
    [
      'colour images',
      Uint8Array.from(header(8, 1, 1, 1, 3)),
      'has 4 dimensions, but images have 3',
    ],
    ['floats', Uint8Array.from(header(0x0d, 1, 1, 1)), 'values of type float32'],
    ['half a header', images.subarray(0, 10), 'less than its header of 16'],
    [
      'a cut-off file',
      images.subarray(0, 27),
      'announces 28 bytes (2 × 2 × 3 images), but it has 27',
    ],
    [
      'a file with a tail',
      Uint8Array.from([...images, 0]),
      '1 bytes more than its header announces',
    ],
    ['no images', Uint8Array.from(header(8, 0, 2, 2)), 'holds no images'],
    ['images without pixels', Uint8Array.from(header(8, 2, 0, 2)), '0 × 2 pixels'],
    [
      'a size beyond any file',
      Uint8Array.from(header(8, 2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 1)),
      'is cut short',
    ],
  ])('refuse %s, naming the file', (_, bytes, message) => {
    expect(() => parseIdxImages(bytes, 'x/train-images')).toThrow(
      expect.objectContaining({ code: 'DATA_INVALID', where: 'x/train-images' }),
    )
    expect(() => parseIdxImages(bytes, 'x/train-images')).toThrow(message)
  })

  it('refuse images where labels belong', () => {
    expect(() => parseIdxLabels(images, 'labels')).toThrow('has 3 dimensions, but labels have 1')
  })
})
