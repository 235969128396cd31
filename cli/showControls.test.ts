import { expect, it } from 'vitest'
import { showControls } from './showControls.ts'
import { recordingTerminal } from './testing/recordingTerminal.ts'

it.each([
  ['a title', '\x1b]0;owned\x07', '\\u001b]0;owned\\u0007'],
  ['a cleared screen', '\x1b[2J\x1b[H', '\\u001b[2J\\u001b[H'],
  ['a colour that is not ours', '\x1b[31mred', '\\u001b[31mred'],
  [
    'a line that hides the one before',
    'accuracy 12 %\raccuracy 99 %',
    'accuracy 12 %\\raccuracy 99 %',
  ],
  ['one-byte CSI', '\x9b2J', '\\u009b2J'],
  ['letters taken back', 'abc\b\b\b', 'abc\\u0008\\u0008\\u0008'],
  ['a turned direction', 'gpj.\u202eexe', 'gpj.\\u202eexe'],
])('%s is shown, not sent', (_, text, shown) => {
  const { terminal, stdout, stderr } = recordingTerminal()
  terminal.print(text)
  terminal.tell(text)
  expect([stdout(), stderr()]).toEqual([`${shown}\n`, `${shown}\n`])
})

it('leaves text, tabs and line ends alone', () => {
  const text = 'naïve\t日本語 😀\r\nsecond line\n'
  expect(showControls(text, new Set())).toBe(text)
})

it('JSON stays JSON, and says the same', () => {
  const value = { name: '\x9b2J \x7f \u202e \x1b[0m' }
  expect(JSON.parse(showControls(JSON.stringify(value), new Set()))).toEqual(value)
})

it('sends the colours that the program itself chose', () => {
  const { terminal, stdout } = recordingTerminal({ env: { FORCE_COLOR: '1' } })
  terminal.print(terminal.paint('red', 'a\x1b[2Jb'))
  expect(stdout()).toBe('\x1b[31ma\\u001b[2Jb\x1b[39m\n')
})
