import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseMarkdown, type Block, type Inline } from './markdown.ts'

const docs = join(import.meta.dirname, '../../docs')

/** What a text of one paragraph holds. */
function inlineOf(text: string): readonly Inline[] {
  const [block] = parseMarkdown(text)
  return block?.kind === 'paragraph' ? block.content : []
}

describe('blocks', () => {
  it('are headings, paragraphs, code, tables and lists', () => {
    const text = [
      '# Title',
      'One line',
      'and its second.',
      '',
      '    indented code',
      '',
      '```sh',
      'hiso run # not a heading',
      '```',
      '| a | >b |',
      '| - | --: |',
      '| 1 | x \\| y |',
      '',
      '1. first',
      '   goes on',
      '2. second',
      '   - inner',
    ].join('\n')
    const blocks = parseMarkdown(text)
    expect(blocks.map(({ kind }) => kind)).toEqual([
      'heading',
      'paragraph',
      'code',
      'code',
      'table',
      'list',
    ])
    expect(blocks[1]).toMatchObject({ content: [{ text: 'One line and its second.' }] })
    expect(blocks[3]).toMatchObject({ text: 'hiso run # not a heading' })
    expect(blocks[4]).toMatchObject({
      head: [{ isRight: false }, { isRight: true }],
      rows: [[{}, { content: [{ text: 'x | y' }] }]],
    })
    expect(blocks[5]).toMatchObject({
      isOrdered: true,
      items: [
        [{ kind: 'paragraph', content: [{ text: 'first goes on' }] }],
        [{ kind: 'paragraph' }, { kind: 'list', isOrdered: false }],
      ],
    })
  })
})

it('shows HTML and scripts as text, and never as anything else', () => {
  const blocks = parseMarkdown(
    '<script>alert(1)</script>\n\nA <img src=x onerror=alert(1)> word\n\n[x](javascript:alert(1))',
  )
  expect(blocks.flatMap(plainTexts)).toEqual([
    '<script>alert(1)</script>',
    'A <img src=x onerror=alert(1)> word',
    'x',
  ])
})

describe('formulas', () => {
  it('stand between $ signs, in a line or displayed', () => {
    expect(parseMarkdown('A $g_p$ and\n\n$$\nx - \\eta g\n$$\n\nend.')).toEqual([
      {
        kind: 'paragraph',
        content: [
          { kind: 'text', text: 'A ' },
          { kind: 'math', tex: 'g_p' },
          { kind: 'text', text: ' and' },
        ],
      },
      { kind: 'math', tex: 'x - \\eta g' },
      { kind: 'paragraph', content: [{ kind: 'text', text: 'end.' }] },
    ])
  })

  it('are not prices, and not in code', () => {
    expect(inlineOf('from $5 to $6, `$x$`')).toEqual([
      { kind: 'text', text: 'from $5 to $6, ' },
      { kind: 'code', text: '$x$' },
    ])
  })
})

it('leaves comments out', () => {
  expect(parseMarkdown('<!-- made by\na program -->\n\n# Title')).toHaveLength(1)
})

describe('words', () => {
  it('are code, strong, emphasis and links; underscores inside names are none of it', () => {
    expect(inlineOf('a `b_c_d` **e _f_** x_r and y_r [`g`](h.md#i)')).toEqual([
      { kind: 'text', text: 'a ' },
      { kind: 'code', text: 'b_c_d' },
      { kind: 'text', text: ' ' },
      {
        kind: 'strong',
        content: [
          { kind: 'text', text: 'e ' },
          { kind: 'emphasis', content: [{ kind: 'text', text: 'f' }] },
        ],
      },
      { kind: 'text', text: ' x_r and y_r ' },
      { kind: 'link', address: 'h.md#i', content: [{ kind: 'code', text: 'g' }] },
    ])
  })
})

describe('every page of docs/', () => {
  const names = readdirSync(docs).filter((name) => name.endsWith('.md'))

  it.each(names)('%s leaves no mark unread', (name) => {
    const blocks = parseMarkdown(readFileSync(join(docs, name), 'utf8'))
    expect(blocks[0]).toMatchObject({ kind: 'heading', level: 1 })
    for (const text of blocks.flatMap(plainTexts))
      expect(text).not.toMatch(/\*\*|```|\]\(|^\s*\|.*\|\s*$|^#+ /)
  })
})

/** What is shown as plain words: nowhere may a mark be left. */
function plainTexts(block: Block): string[] {
  switch (block.kind) {
    case 'heading':
    case 'paragraph':
      return block.content.flatMap(wordsOf)
    case 'list':
      return block.items.flat().flatMap(plainTexts)
    case 'table':
      return [block.head, ...block.rows].flat().flatMap(({ content }) => content.flatMap(wordsOf))
    case 'quote':
      return block.blocks.flatMap(plainTexts)
    case 'code':
    case 'math':
      return []
  }
}

function wordsOf(part: Inline): string[] {
  if (part.kind === 'text') return [part.text]
  return 'content' in part ? part.content.flatMap(wordsOf) : []
}
