/**
 * Texts from files may hold characters that command a terminal: to clear the screen, to set its
 * title, to write what was never printed. They are shown instead of sent.
 */

/**
 * All but tab and line feed; and the marks that turn the direction of writing, behind which a name
 * can look like another.
 */
const controls = String.raw`(?![\t\n])[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]`
/** A colour or style, or a line end of Windows. */
const sequence = String.raw`\p{Cc}\[[\d;]*m|\r\n`
const found = new RegExp(`${sequence}|${controls}`, 'gu')
const isControl = new RegExp(controls, 'u')

/**
 * The text with its controls written as `\u001b`, as JSON writes them: what was JSON still is.
 * @param allowed escape sequences that stay
 */
export function showControls(text: string, allowed: ReadonlySet<string>): string {
  return text.replace(found, (match) => {
    if (match === '\r\n' || allowed.has(match)) return match
    return Array.from(match, (letter) => (isControl.test(letter) ? shown(letter) : letter)).join('')
  })
}

const shown = (letter: string) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`
