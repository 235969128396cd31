/**
 * Regular expressions of tokenizers, looked at before they run: one that repeats what repeats can
 * take longer than the world has been there for a line of text.
 */

interface Group {
  /** Whether something in it repeats without an end. */
  repeats: boolean
  /** How each of its alternatives begins; undefined where that is no plain letter. */
  readonly beginnings: (string | undefined)[]
  /** Whether the next piece is the first of an alternative. */
  isFirst: boolean
}

/** A repetition of more is one without an end, for this purpose. */
const MOST_TIMES = 1000
const quantifier = /^(?:[*+?]|\{(\d+)(?:,(\d*))?\})[?+]?/

const newGroup = (): Group => ({ repeats: false, beginnings: [undefined], isFirst: true })

/**
 * Whether a pattern can need time that doubles with each letter: a repetition in a repetition, or a
 * repeated choice between alternatives that may begin alike.
 */
export function canExplode(pattern: string): boolean {
  const open: Group[] = []
  let group = newGroup()
  for (let at = 0; at < pattern.length;) {
    const letter = pattern[at]!
    let closed: Group | undefined
    let plain: string | undefined
    if (letter === '(') {
      begin(group, undefined)
      open.push(group)
      group = newGroup()
      at += /^\((?:\?(?:[imsu-]*:|<?[=!]|<[^>]*>|>))?/.exec(pattern.slice(at, at + 64))![0].length
      continue
    }
    if (letter === '|') {
      group.beginnings.push(undefined)
      group.isFirst = true
      at++
      continue
    }
    if (letter === ')') {
      closed = group
      group = open.pop() ?? newGroup()
      at++
    } else if (letter === '[') at = behindClass(pattern, at)
    else if (letter === '\\') {
      // Letters that are written so, and marks that mean themselves.
      const escaped = pattern.slice(at, at + 2)
      if (/^\\[rnt\W]$/.test(escaped)) plain = escaped
      at += 2
    } else {
      if (!'.^$'.includes(letter)) plain = letter
      at++
    }
    if (closed === undefined) begin(group, plain)
    const [written = '', least, most] = quantifier.exec(pattern.slice(at, at + 32)) ?? []
    at += written.length
    const times = timesOf(written, least, most)
    const isEndless = times > MOST_TIMES
    const isRepeated = times > 1
    if (closed !== undefined && isRepeated && (closed.repeats || areAlike(closed))) return true
    group.repeats ||= isEndless || closed?.repeats === true
  }
  return false
}

/** The most times that a quantifier allows; `{3,}` has no last number, and `{3}` no second. */
function timesOf(written: string, least: string | undefined, most: string | undefined): number {
  if (/^[*+]/.test(written)) return Infinity
  if (least === undefined) return 1
  return most === '' ? Infinity : Number(most ?? least)
}

function begin(group: Group, plain: string | undefined): void {
  if (!group.isFirst) return
  group.beginnings[group.beginnings.length - 1] = plain
  group.isFirst = false
}

/** Whether two alternatives may begin with the same letter. */
function areAlike({ beginnings }: Group): boolean {
  if (beginnings.length < 2) return false
  return beginnings.includes(undefined) || new Set(beginnings).size < beginnings.length
}

function behindClass(pattern: string, start: number): number {
  let at = start + 1
  if (pattern[at] === '^') at++
  if (pattern[at] === ']') at++
  while (at < pattern.length && pattern[at] !== ']') at += pattern[at] === '\\' ? 2 : 1
  return at + 1
}

/** Every pattern in a tokenizer.json, besides its vocabulary. */
export function* patternsIn(content: unknown): Generator<string> {
  if (typeof content !== 'object' || content === null) return
  for (const [key, inner] of Object.entries(content))
    if (key === 'Regex' && typeof inner === 'string') yield inner
    else if (key !== 'vocab' && key !== 'merges') yield* patternsIn(inner)
}
