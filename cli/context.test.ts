import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { shellPath, shortPath } from './context.ts'

it('shows a path with line breaks as one line', () => {
  expect(shortPath('/home/me/a\nb', '/home/me')).toBe('a\\nb')
})

it.each(['plain', 'two words', "it's", 'a\nb', "a'\\\r\nb"])(
  'a path to type names what it should: %j',
  (name) => {
    const typed = shellPath(`/home/me/${name}`, '/home/me')
    expect(typed).not.toMatch(/[\r\n]/)
    const script = `printf %s ${typed}`
    expect(execFileSync('bash', ['-c', script], { encoding: 'utf8' })).toBe(name)
  },
)
