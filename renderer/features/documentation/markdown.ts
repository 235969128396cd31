/**
 * The part of Markdown that docs/ is written in, as data: no HTML anywhere, so that a page can't
 * bring any along.
 */

export type Inline =
  | { readonly kind: 'text' | 'code'; readonly text: string }
  | { readonly kind: 'strong' | 'emphasis'; readonly content: readonly Inline[] }
  | { readonly kind: 'link'; readonly address: string; readonly content: readonly Inline[] }
  | { readonly kind: 'image'; readonly address: string; readonly text: string }

export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly content: readonly Inline[] }
  | { readonly kind: 'paragraph'; readonly content: readonly Inline[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'list'; readonly isOrdered: boolean; readonly items: readonly Block[][] }
  | {
      readonly kind: 'table'
      readonly head: readonly Cell[]
      readonly rows: readonly (readonly Cell[])[]
    }

export interface Cell {
  readonly isRight: boolean
  readonly content: readonly Inline[]
}

const heading = /^(#{1,6})\s+(.*)$/
const fence = /^\s*```/
const item = /^(\s*)([-*]|\d+\.)\s+(.*)$/
const tableRule = /^\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?$/

export function parseMarkdown(text: string): Block[] {
  const visible = text.replace(/\r\n?/g, '\n').replace(/<!--.*?-->/gs, '')
  return parseBlocks(visible.split('\n'))
}

function parseBlocks(lines: readonly string[]): Block[] {
  const blocks: Block[] = []
  let at = 0
  /** Takes lines as long as they belong; always at least one. */
  const take = (belongs: (line: string) => boolean): string[] => {
    const start = at++
    while (at < lines.length && belongs(lines[at]!)) at++
    return lines.slice(start, at)
  }
  while (at < lines.length) {
    const line = lines[at]!
    const title = heading.exec(line)
    if (line.trim() === '') at++
    else if (title !== null) {
      blocks.push({ kind: 'heading', level: title[1]!.length, content: parseInline(title[2]!) })
      at++
    } else if (fence.test(line)) {
      const [, ...code] = take((next) => !fence.test(next))
      at++
      blocks.push({ kind: 'code', text: code.join('\n') })
    } else if (/^ {4}\S/.test(line)) {
      const code = take((next) => next.startsWith('    ') || next.trim() === '')
      const text = code.map((each) => each.slice(4)).join('\n')
      blocks.push({ kind: 'code', text: text.trimEnd() })
    } else if (line.startsWith('|') && tableRule.test(lines[at + 1] ?? ''))
      blocks.push(parseTable(take((next) => next.startsWith('|'))))
    else if (item.test(line))
      blocks.push(parseList(take((next) => item.test(next) || /^\s+\S/.test(next))))
    else {
      const paragraph = take(
        (next) =>
          next.trim() !== '' && !heading.test(next) && !fence.test(next) && !item.test(next),
      )
      blocks.push({ kind: 'paragraph', content: parseInline(paragraph.join(' ')) })
    }
  }
  return blocks
}

function parseTable([head, rule, ...rows]: readonly string[]): Block {
  const isRight = cellsOf(rule!).map((cell) => cell.endsWith(':'))
  const row = (line: string) =>
    cellsOf(line).map((cell, at) => ({ isRight: isRight[at] === true, content: parseInline(cell) }))
  return { kind: 'table', head: row(head!), rows: rows.map(row) }
}

function cellsOf(line: string): string[] {
  return line
    .trim()
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'))
}

function parseList(lines: readonly string[]): Block {
  const [, indent, mark] = item.exec(lines[0]!)!
  const items: string[][] = []
  for (const line of lines) {
    const [, own, , text] = item.exec(line) ?? []
    if (own === indent && text !== undefined) items.push([text])
    // What is below an item is indented by its mark; a paragraph that goes on may be indented by
    // less.
    else items.at(-1)!.push(line.replace(new RegExp(`^ {0,${(indent + mark! + ' ').length}}`), ''))
  }
  return { kind: 'list', isOrdered: /\d/.test(mark!), items: items.map(parseBlocks) }
}

const inline =
  /(?<code>`[^`]+`)|(?<image>!\[(?<alt>[^\]]*)\]\((?<source>[^)]+)\))|\[(?<link>(?:`[^`]*`|[^\]`])+)\]\((?<address>[^)]+)\)|\*\*(?<strong>.+?)\*\*|(?<![\p{L}\d])[_*](?<emphasis>[^_*\s](?:[^_*]*[^_*\s])?)[_*](?![\p{L}\d])/gu

export function parseInline(text: string): Inline[] {
  const parts: Inline[] = []
  let end = 0
  for (const match of text.matchAll(inline)) {
    if (match.index > end) parts.push({ kind: 'text', text: text.slice(end, match.index) })
    end = match.index + match[0].length
    parts.push(partOf(match.groups!))
  }
  if (end < text.length) parts.push({ kind: 'text', text: text.slice(end) })
  return parts
}

function partOf(found: Readonly<Record<string, string | undefined>>): Inline {
  if (found['code'] !== undefined) return { kind: 'code', text: found['code'].slice(1, -1) }
  if (found['image'] !== undefined)
    return { kind: 'image', address: found['source']!, text: found['alt']! }
  if (found['link'] !== undefined)
    return { kind: 'link', address: found['address']!, content: parseInline(found['link']) }
  if (found['strong'] !== undefined)
    return { kind: 'strong', content: parseInline(found['strong']) }
  return { kind: 'emphasis', content: parseInline(found['emphasis']!) }
}
