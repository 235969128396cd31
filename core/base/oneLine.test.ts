import { expect, it } from 'vitest'
import { HisoError } from './errors.ts'
import { oneLine, ownLines } from './oneLine.ts'

it('shows every kind of line break of a name', () => {
  expect(oneLine('a\nb\r\nc\rd\u2028e\u2029f')).toBe('a\\nb\\r\\nc\\rd\\u2028e\\u2029f')
  expect(oneLine('one line\t日本語')).toBe('one line\t日本語')
})

it('leaves the lines that a message lays out', () => {
  const text = 'There are:\n  first\n  second\n\n  and the rest\n'
  expect(ownLines(text)).toBe(text)
  expect(ownLines('"a\nerror RUN_CORRUPT: b"\n  "c\r\nd"')).toBe(
    '"a\\nerror RUN_CORRUPT: b"\n  "c\\r\\nd"',
  )
})

it('an error takes no line breaks from what it names', () => {
  const error = new HisoError('DATA_INVALID', {
    where: 'a\n  b.csv',
    what: 'there is no column "x\n  y"',
    remedy: 'Choose "z\r\nw"',
  })
  expect(error.message).toBe('a\\n  b.csv: there is no column "x\\n  y". Choose "z\\r\\nw"')
  const listed = new HisoError('CONFIG_INVALID', { what: '\n  a is wrong\n  b is wrong' })
  expect(listed.message).toBe('\n  a is wrong\n  b is wrong')
})
