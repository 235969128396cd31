/**
 * Shortcuts as text ('Mod+Shift+Z'; Mod is Command on macOS and Control elsewhere): matching and
 * writing them.
 */

export const isMac = typeof navigator !== 'undefined' && /Mac/.test(navigator.platform)

interface Shortcut {
  readonly key: string
  readonly mod: boolean
  readonly shift: boolean
  readonly alt: boolean
}

function parseKeys(keys: string): Shortcut {
  const parts = keys.split('+')
  const key = keys.endsWith('+') ? '+' : parts.at(-1)!
  return {
    key: key.length === 1 ? key.toLowerCase() : key,
    mod: parts.includes('Mod'),
    shift: parts.includes('Shift'),
    alt: parts.includes('Alt'),
  }
}

type KeyPress = Pick<KeyboardEvent, 'key' | 'metaKey' | 'ctrlKey' | 'shiftKey' | 'altKey'>

export function matchesKeys(event: KeyPress, keys: string, mac = isMac): boolean {
  const shortcut = parseKeys(keys)
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
  const mod = mac ? event.metaKey : event.ctrlKey
  const foreign = mac ? event.ctrlKey : event.metaKey
  // '?' needs Shift on most layouts: for signs the sign itself is what counts.
  const shiftMatters = /^[a-z0-9]$/.test(shortcut.key) || shortcut.key.length > 1
  return (
    key === shortcut.key &&
    mod === shortcut.mod &&
    !foreign &&
    event.altKey === shortcut.alt &&
    (!shiftMatters || event.shiftKey === shortcut.shift)
  )
}

const names: Record<string, string> = {
  Enter: '↵',
  Escape: 'Esc',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  ' ': 'Space',
  PageUp: 'PgUp',
  PageDown: 'PgDn',
  Delete: 'Del',
}

export function keyLabels(keys: string, mac = isMac): string[] {
  const { key, mod, shift, alt } = parseKeys(keys)
  return [
    ...(mod ? [mac ? '⌘' : 'Ctrl'] : []),
    ...(alt ? [mac ? '⌥' : 'Alt'] : []),
    ...(shift ? [mac ? '⇧' : 'Shift'] : []),
    names[key] ?? key.toUpperCase(),
  ]
}

/** 'Control+Shift+Z' for aria-keyshortcuts. */
export function ariaKeys(keys: string, mac = isMac): string {
  return keys.replace('Mod', mac ? 'Meta' : 'Control')
}
