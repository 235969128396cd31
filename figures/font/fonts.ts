/** The two fonts of figures: upright for words, italic for symbols. */
import { italicFont, uprightFont } from './figureFont.generated.ts'
import { TrueType } from './trueType.ts'

export type FontName = 'upright' | 'italic'

/** For viewers that take their fonts from the system. */
export const fontFamily = "'DejaVu Sans Condensed', 'DejaVu Sans', Verdana, sans-serif"

const opened = new Map<FontName, TrueType>()

export function fontOf(name: FontName): TrueType {
  let font = opened.get(name)
  if (font === undefined) {
    font = new TrueType(bytesOf(name === 'upright' ? uprightFont : italicFont))
    opened.set(name, font)
  }
  return font
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
}
