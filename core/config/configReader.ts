/**
 * Reads many configs that are alike. In the form in which run folders hold them, every line either
 * begins a key at the left edge or is indented under one: such pieces are YAML by themselves, and a
 * piece that many files have is parsed once. Anything else is read whole.
 */
import { readConfigText } from './configText.ts'

/**
 * Gives what `readConfigText` gives; values may be shared between results. @throws HisoError as
 * `readConfigText` does
 */
export type ConfigReader = (text: string, where: string) => unknown

export function createConfigReader(): ConfigReader {
  const known = new Map<string, Readonly<Record<string, unknown>>>()

  function read(piece: string): Readonly<Record<string, unknown>> {
    const found = known.get(piece) ?? (readConfigText(piece, '') as Record<string, unknown>)
    known.set(piece, found)
    return found
  }

  return (text, where) => {
    const pieces = piecesOf(text)
    if (pieces === undefined) return readConfigText(text, where)
    try {
      return Object.assign({}, ...pieces.map(read)) as unknown
    } catch {
      // Its message is to speak of the whole file.
      return readConfigText(text, where)
    }
  }
}

/**
 * One piece for each key at the left edge; undefined where the text has anything that reaches
 * beyond its piece.
 */
function piecesOf(text: string): readonly string[] | undefined {
  const pieces: string[] = []
  const keys = new Set<string>()
  for (const line of text.trimEnd().split('\n')) {
    // Anchors and their aliases, comments (which may hide anything), tabs, carriage returns.
    if (/[&#\t\r]|\*\w/.test(line)) return undefined
    if (line.startsWith(' ') && pieces.length > 0) {
      pieces[pieces.length - 1] += `\n${line}`
      continue
    }
    const key = /^([A-Za-z]\w*):(?: |$)/.exec(line)?.[1]
    if (key === undefined || keys.has(key)) return undefined
    keys.add(key)
    pieces.push(line)
  }
  return pieces
}
