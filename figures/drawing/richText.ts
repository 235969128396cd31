/**
 * Words with symbols: `*H*` is italic, `10^{-3}` raised, `x_{r}` lowered; a backslash takes a
 * letter as it is. Names of people's runs are plain words: `plain`.
 */
import { fontOf, type FontName } from '../font/fonts.ts'

/** A piece of text in one style. */
export interface Span {
  readonly text: string
  readonly font: FontName
  /** Where it stands: on the line, above it, below it. */
  readonly place: 'line' | 'raised' | 'lowered'
}

export type RichText = readonly Span[]

/** Size of raised and lowered letters, and how far they are moved; shares of the text's size. */
const scriptSize = 0.7
export const scriptShift = { line: 0, raised: 0.36, lowered: -0.16 } as const

/** Words as they are; control characters and halves of letters, which no file can hold, go. */
export function plain(text: string): RichText {
  return [{ text: text.replace(/[\p{Cc}\p{Cs}]/gu, ''), font: 'upright', place: 'line' }]
}

export function richText(markup: string): RichText {
  const spans: Span[] = []
  let font: FontName = 'upright'
  let place: Span['place'] = 'line'
  let text = ''
  const close = () => {
    if (text !== '') spans.push({ text, font, place })
    text = ''
  }
  for (let at = 0; at < markup.length; at++) {
    const letter = markup[at]!
    if (letter === '\\' && at + 1 < markup.length) text += markup[++at]!
    else if (letter === '*') {
      close()
      font = font === 'italic' ? 'upright' : 'italic'
    } else if ((letter === '^' || letter === '_') && markup[at + 1] === '{') {
      close()
      place = letter === '^' ? 'raised' : 'lowered'
      at++
    } else if (letter === '}' && place !== 'line') {
      close()
      place = 'line'
    } else text += letter
  }
  close()
  return spans
}

/** The words alone, for alternative texts. */
export function plainText(spans: RichText): string {
  return spans.map(({ text }) => text).join('')
}

export function spanSize({ place }: Span, size: number): number {
  return place === 'line' ? size : size * scriptSize
}

/** Width in the unit of `size`. */
export function spanWidth(span: Span, size: number): number {
  const font = fontOf(span.font)
  let units = 0
  for (const letter of span.text) units += font.advanceOf(font.glyphOf(letter.codePointAt(0)!))
  return (units / font.unitsPerEm) * spanSize(span, size)
}

export function textWidth(spans: RichText, size: number): number {
  return spans.reduce((sum, span) => sum + spanWidth(span, size), 0)
}
