/** JSON in which nothing is lost: of a key that stands twice, `JSON.parse` keeps the last alone. */

/** @throws SyntaxError for what is not JSON, and for an object with a key twice */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text)
  // Most texts need no closer look: every key makes a match, and some strings do too.
  if (countOf(text, /"\s*:/g) > countKeys(value)) checkKeys(text)
  return value
}

function countOf(text: string, pattern: RegExp): number {
  let count = 0
  while (pattern.test(text)) count++
  return count
}

function countKeys(value: unknown): number {
  let count = 0
  const open = [value]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next !== 'object' || next === null) continue
    const values = Object.values(next)
    if (!Array.isArray(next)) count += values.length
    for (const each of values) if (typeof each === 'object' && each !== null) open.push(each)
  }
  return count
}

/** Strings, with the colon behind a key, and the brackets that open and close. */
const marks = /("(?:[^"\\]|\\.)*")(\s*:)?|[{}]/g

/** @param text valid JSON */
function checkKeys(text: string): void {
  const objects: Set<string>[] = []
  for (const { 0: mark, 1: string, 2: colon } of text.matchAll(marks)) {
    if (mark === '{') objects.push(new Set())
    else if (mark === '}') objects.pop()
    else if (colon !== undefined) {
      const key = string!.includes('\\') ? (JSON.parse(string!) as string) : string!.slice(1, -1)
      const keys = objects.at(-1)!
      if (keys.has(key)) throw new SyntaxError(`the key ${string} stands twice in one object`)
      keys.add(key)
    }
  }
}
