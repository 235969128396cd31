/** Which commands a few typed letters mean, best first. */

export interface Findable {
  readonly title: string
  readonly section: string
  readonly words?: string | undefined
}

/**
 * Higher is better; undefined is no match. Each word of the query must be found: at a word's start,
 * inside a word, or as a subsequence of the title.
 */
function score(query: string, item: Findable): number | undefined {
  const title = item.title.toLowerCase()
  const everything = `${title} ${item.section} ${item.words ?? ''}`.toLowerCase()
  let total = 0
  for (const word of query.toLowerCase().split(/\s+/).filter(Boolean)) {
    const points = scoreWord(word, title, everything)
    if (points === undefined) return undefined
    total += points
  }
  return total - title.length / 1000
}

function scoreWord(word: string, title: string, everything: string): number | undefined {
  if (title.startsWith(word)) return 5
  if (startsAWord(word, title)) return 4
  if (startsAWord(word, everything)) return 3
  if (title.includes(word)) return 2
  return isSubsequence(word, title) ? 1 : undefined
}

function startsAWord(word: string, text: string): boolean {
  return text.split(/[^\p{L}\p{N}]+/u).some((part) => part.startsWith(word))
}

/**
 * The first letter begins a word, the others follow somewhere: 'drkth' is Dark theme, 'hess' is not
 * Theme as the system.
 */
function isSubsequence(word: string, text: string): boolean {
  const starts = [...text.matchAll(/(?<![\p{L}\p{N}])[\p{L}\p{N}]/gu)].map(({ index }) => index)
  return starts.some((start) => {
    let at = 0
    for (const letter of text.slice(start)) if (letter === word[at]) at++
    return at === word.length
  })
}

export function findMatches<Item extends Findable>(query: string, items: readonly Item[]): Item[] {
  return items
    .flatMap((item) => {
      const points = score(query, item)
      return points === undefined ? [] : [{ item, points }]
    })
    .sort((a, b) => b.points - a.points)
    .map(({ item }) => item)
}
