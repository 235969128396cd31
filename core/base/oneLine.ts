/**
 * Names of columns, labels and paths may hold line breaks. Printed as they are, the rest of a name
 * would look like a line of the program's own.
 */

const breaks = /[\n\r\u2028\u2029]/g

const shown: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r' }

/** A name as one line: its line breaks are shown. */
export function oneLine(name: string): string {
  return name.replace(breaks, show)
}

/**
 * A text as the program laid it out: its own lines are indented, or follow an empty line. Any other
 * line break came with a name.
 */
export function ownLines(text: string): string {
  return text.replace(/\r?\n(?! {2}|\r?\n|$)|\r(?!\n)|[\u2028\u2029]/g, oneLine)
}

const show = (letter: string) =>
  shown[letter] ?? `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`
