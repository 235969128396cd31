/** Shortcuts on both conventions. */
import { describe, expect, it } from 'vitest'
import { keyLabels, matchesKeys } from './keys.ts'

const press = (key: string, ...held: ('ctrl' | 'meta' | 'shift' | 'alt')[]) => ({
  key,
  ctrlKey: held.includes('ctrl'),
  metaKey: held.includes('meta'),
  shiftKey: held.includes('shift'),
  altKey: held.includes('alt'),
})

describe('a shortcut', () => {
  it('is Control elsewhere and Command on a Mac', () => {
    expect(matchesKeys(press('k', 'ctrl'), 'Mod+K', false)).toBe(true)
    expect(matchesKeys(press('k', 'meta'), 'Mod+K', false)).toBe(false)
    expect(matchesKeys(press('k', 'meta'), 'Mod+K', true)).toBe(true)
    expect(matchesKeys(press('k', 'ctrl'), 'Mod+K', true)).toBe(false)
  })

  it('minds Shift with letters and function keys, but not with signs', () => {
    expect(matchesKeys(press('Z', 'ctrl', 'shift'), 'Mod+Z', false)).toBe(false)
    expect(matchesKeys(press('Z', 'ctrl', 'shift'), 'Mod+Shift+Z', false)).toBe(true)
    expect(matchesKeys(press('F5', 'shift'), 'F5', false)).toBe(false)
    expect(matchesKeys(press('?', 'shift'), '?', false)).toBe(true)
  })

  it('is written as the platform writes it', () => {
    expect(keyLabels('Mod+Shift+Z', true)).toEqual(['⌘', '⇧', 'Z'])
    expect(keyLabels('Mod+Enter', false)).toEqual(['Ctrl', '↵'])
    expect(keyLabels('+', false)).toEqual(['+'])
  })
})
