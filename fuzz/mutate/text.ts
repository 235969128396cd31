/** Ways to spoil tables and other text, line by line, word by word and letter by letter. */
import type { Draw } from '../draw.ts'
import type { Mutator } from '../target.ts'
import { anyBytes } from './bytes.ts'

const odd: readonly string[] = [
  ...['', ' ', '\t', ',', ';', '|', '"', "'", '\r', '\r\n', '\n\n', '\0', '\u001b[2J', '\ufeff'],
  ...['NaN', 'nan', 'Infinity', '-Infinity', 'null', '.nan', '.inf', '~', 'true', 'no', '[]', '{}'],
  ...['1e999', '-1e999', '1e-999', '-0', '1,000', '1.000', '1 000', '0x10', '1_000', '007', '١٢'],
  ...['9007199254740993', '18446744073709551616', '4294967296', '-1', '0.1e', '+', '-', '%', '€5'],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', '=cmd|1', '&a', '*a', '<<', '!!js'],
  ...['\u2028', '\u202e', '\u0000', '\u00a0', '😀', '\ud800', 'e\u0301'.repeat(20), 'ß'],
  ...['a'.repeat(5000), '1'.repeat(400), '['.repeat(3000), '{"a":'.repeat(2000), '- '.repeat(2000)],
]

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** A mutator of text; letters that are no UTF-8 come through as marks. */
function onText(change: (text: string, draw: Draw, others: readonly string[]) => string): Mutator {
  return (bytes, draw, others) =>
    encoder.encode(
      change(
        decoder.decode(bytes),
        draw,
        others.map((other) => decoder.decode(other)),
      ),
    )
}

/** @returns the places of what a pattern matches */
function matchOf(text: string, pattern: RegExp, draw: Draw): readonly [number, number] | undefined {
  const found = [...text.matchAll(pattern)]
  if (found.length === 0) return undefined
  const match = draw.pick(found)
  return [match.index, match.index + match[0].length]
}

function replacing(pattern: RegExp, by: (draw: Draw, old: string) => string): Mutator {
  return onText((text, draw) => {
    const place = matchOf(text, pattern, draw)
    if (place === undefined) return text
    const [start, end] = place
    return text.slice(0, start) + by(draw, text.slice(start, end)) + text.slice(end)
  })
}

const number = /[+-]?\d+(\.\d+)?([eE][+-]?\d+)?/g

const oddNumber = replacing(number, (draw) =>
  draw.oneIn(3) ? String(draw.boundary()) : draw.pick(odd),
)
const oddWord = replacing(/[\p{L}_][\p{L}\d_]*/gu, (draw) => draw.pick(odd))
const oddMark = replacing(/[^\p{L}\d\s]/gu, (draw, old) =>
  draw.oneIn(3) ? old.repeat(draw.length(50)) : draw.pick(odd),
)

const oddInsert = onText((text, draw) => {
  const at = draw.below(text.length + 1)
  return text.slice(0, at) + draw.pick(odd) + text.slice(at)
})

/** Lines dropped, doubled, exchanged, or taken from another file. */
const lines = onText((text, draw, others) => {
  const all = text.split('\n')
  const at = draw.below(all.length)
  const to = draw.below(all.length)
  switch (draw.below(4)) {
    case 0:
      all.splice(at, draw.length(4))
      break
    case 1:
      all.splice(to, 0, ...Array.from({ length: draw.length(200) }, () => all[at]!))
      break
    case 2:
      ;[all[at], all[to]] = [all[to]!, all[at]!]
      break
    default:
      all.splice(at, 0, draw.pick(draw.pick(others).split('\n')))
  }
  return all.join('\n')
})

/** The same text in UTF-16, of either order, with its mark or without. */
const utf16: Mutator = (bytes, draw) => {
  const text = decoder.decode(bytes)
  const marked = draw.oneIn(3) ? text : `\ufeff${text}`
  const out = new Uint8Array(2 * marked.length)
  const view = new DataView(out.buffer)
  const little = draw.oneIn(2)
  for (let at = 0; at < marked.length; at++) view.setUint16(2 * at, marked.charCodeAt(at), little)
  return out
}

export const anyText: readonly Mutator[] = [
  ...[oddNumber, oddNumber, oddWord, oddWord, oddMark, oddMark, oddInsert, lines, lines],
  ...anyBytes,
]

/** Tables may come in another encoding, too. */
export const anyTable: readonly Mutator[] = [...anyText, ...anyText, utf16]
