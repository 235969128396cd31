/** What reaches the screen. */
import { describe, expect, it } from 'vitest'
import { formatPairs, formatTable, wrap } from './table.ts'
import { recordingTerminal } from './testing/recordingTerminal.ts'
import { widthOf } from './terminal.ts'

describe('a terminal', () => {
  it('has colours only when a person watches and has not asked for none', () => {
    const colour = (options: Parameters<typeof recordingTerminal>[0]) =>
      recordingTerminal(options).terminal.paint('red', 'x')
    expect(colour({ isTTY: true })).toBe('\x1b[31mx\x1b[39m')
    expect(colour({ isTTY: false })).toBe('x')
    expect(colour({ isTTY: true, env: { NO_COLOR: '1' } })).toBe('x')
    expect(colour({ isTTY: true, env: { TERM: 'dumb' } })).toBe('x')
    expect(colour({ isTTY: false, env: { FORCE_COLOR: '1' } })).toBe('\x1b[31mx\x1b[39m')
  })

  it('keeps its live line below what is printed', () => {
    const { terminal, stdout } = recordingTerminal({ isTTY: true })
    terminal.redraw('round 1')
    terminal.print('a notice')
    terminal.redraw('round 2')
    terminal.clearLive()
    const clear = '\r\x1b[K'
    expect(stdout()).toBe(`\rround 1\x1b[K${clear}a notice\n\rround 1\x1b[K\rround 2\x1b[K${clear}`)
  })

  it('never redraws where lines stay', () => {
    const { terminal, stdout } = recordingTerminal()
    terminal.redraw('round 1')
    terminal.clearLive()
    expect(stdout()).toBe('')
  })

  it('is silent once its reader has gone, and says so', () => {
    const { terminal, stdout, stderr } = recordingTerminal()
    let told = 0
    terminal.onReaderGone = () => told++
    terminal.loseReader()
    terminal.print('for nobody')
    terminal.tell('for the log')
    expect([told, stdout(), stderr()]).toEqual([1, '', 'for the log\n'])
  })
})

describe('tables', () => {
  it('have no frames, numbers to the right, and no blanks at line ends', () => {
    const { terminal } = recordingTerminal()
    const table = formatTable(
      terminal,
      [{ title: 'run' }, { title: 'rounds', isNumber: true }, { title: 'note' }],
      [
        ['a', '1,000', ''],
        ['longer', '5', 'x'],
      ],
    )
    expect(table).toBe('  run     rounds  note\n  a        1,000\n  longer       5  x')
  })

  it('of many rows are as wide as their widest cell, from the first line to the last', () => {
    const { terminal } = recordingTerminal()
    const rows = Array.from({ length: 450 }, (_, at) => [`run ${10 ** (at % 7)}`, String(at)])
    const table = formatTable(terminal, [{ title: 'run' }, { title: 'seed', isNumber: true }], rows)
    const [head, ...lines] = table.split('\n')
    expect(head).toBe('  run          seed')
    expect(lines).toEqual(rows.map(([run, seed]) => `  ${run!.padEnd(11)}  ${seed!.padStart(4)}`))
  })

  it('of pairs wrap long values under each other', () => {
    const { terminal } = recordingTerminal({ columns: 60 })
    const words = Array.from({ length: 20 }, () => 'word').join(' ')
    const lines = formatPairs(terminal, [
      ['label', words],
      ['x', 'y'],
    ]).split('\n')
    expect(lines.every((line) => widthOf(line) <= 60)).toBe(true)
    expect(lines[1]).toMatch(/^ {10}word/)
    expect(lines.at(-1)).toBe('  x       y')
  })

  it('break lines between words only', () => {
    expect(wrap('aaa bbb ccc', 7)).toEqual(['aaa bbb', 'ccc'])
    expect(wrap('aaaaaaaaaa b', 3)).toEqual(['aaaaaaaaaa', 'b'])
    expect(wrap('', 3)).toEqual([''])
  })
})
