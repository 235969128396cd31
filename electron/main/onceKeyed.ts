/**
 * JSON in which a key that stands twice counts as not there: nothing tells which value was meant,
 * and one bad field costs no other. core/base refuses such texts, which the settings can't be.
 */

/** @throws SyntaxError for what is not JSON */
export function parseOnceKeyed(text: string): unknown {
  const whole: unknown = JSON.parse(text)
  if (typeof whole !== 'object' || whole === null) return whole
  return readValue(Array.from(text.matchAll(tokens), ([token]) => token).values())
}

const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g

type Tokens = IterableIterator<string>

/** Of valid JSON; `token` is the value's first. */
function readValue(rest: Tokens, token = next(rest)): unknown {
  if (token === '[') return readList(rest)
  return token === '{' ? readObject(rest) : (JSON.parse(token) as unknown)
}

function readList(rest: Tokens): unknown[] {
  const values: unknown[] = []
  for (let token = next(rest); token !== ']'; token = next(rest))
    if (token !== ',') values.push(readValue(rest, token))
  return values
}

function readObject(rest: Tokens): object {
  const values = new Map<string, unknown>()
  const twice = new Set<string>()
  for (let token = next(rest); token !== '}'; token = next(rest)) {
    if (token === ',') continue
    const key = JSON.parse(token) as string
    next(rest)
    if (values.has(key)) twice.add(key)
    values.set(key, readValue(rest))
  }
  for (const key of twice) values.delete(key)
  return Object.fromEntries(values)
}

const next = (rest: Tokens) => rest.next().value as string
