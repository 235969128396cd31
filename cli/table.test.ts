import { expect, test } from 'vitest'
import { oneLine } from '../core/base/index.ts'
import { formatPairs, formatTable } from './table.ts'
import { recordingTerminal } from './testing/recordingTerminal.ts'
import { widthOf, type Terminal } from './terminal.ts'

const painted = {
  paint: (_: string, text: string) => `\x1b[2m${oneLine(text)}\x1b[22m`,
} as Terminal

test('columns stand under each other, whatever the letters, colours and lines in them', () => {
  const columns = [{ title: 'run' }, { title: 'name' }, { title: 'rounds', isNumber: true }]
  const rows = [
    ['a', 'plain', '5'],
    ['实验', 'e\u0301té', '10,000'],
    ['\x1b[33mlong-one\x1b[39m', ['two', 'lines'], '7'],
    ['🚀', '', '1'],
  ]
  const lines = formatTable(painted, columns, rows).split('\n')
  expect(lines).toHaveLength(6)
  expect(lines[0]).toContain('\x1b[2mrun\x1b[22m')
  // The last column ends where its longest cell ends.
  expect(lines.filter((_, at) => at !== 4).map(widthOf)).toEqual([25, 25, 25, 25, 25])
  expect(lines[4]).toBe(`${' '.repeat(12)}lines`)
})

test('a name with line breaks is one line, in a cell and in a pair', () => {
  const name = 'a\n  ✓ verified\r\nb'
  const shown = 'a\\n  ✓ verified\\r\\nb'
  expect(formatTable(painted, [{ title: name }], [[name]]).split('\n')).toEqual([
    `  \x1b[2m${name}\x1b[22m`.replace(name, shown),
    `  ${shown}`,
  ])
  const { terminal } = recordingTerminal()
  expect(formatPairs(terminal, [[name, name]])).toBe(`  ${shown}   ${shown}`)
})

test('ten thousand rows take no longer than their letters', () => {
  const rows = Array.from({ length: 10_000 }, (_, at) => [`run${at}`, 'finished', String(at)])
  const columns = [{ title: 'run' }, { title: 'status' }, { title: 'rounds', isNumber: true }]
  const lines = formatTable(painted, columns, rows).split('\n')
  expect(lines).toHaveLength(10_001)
  expect(lines.at(-1)).toBe('  run9999  finished    9999')
})

test('a cell of megabytes is cut, and its column is padded in no time', () => {
  const lines = formatTable(painted, [{ title: 'label' }], [['x'.repeat(3e6)], ['oak']]).split('\n')
  expect(lines[1]).toMatch(/^ {2}x{120}…$/)
  expect(lines[2]).toBe('  oak')
})
