/**
 * Markdown as data: no HTML anywhere, so that a page can't bring any along; what looks like HTML is
 * text. Formulas stand between $ signs, displayed ones between double ones.
 */
import { Lexer, Marked, type Token, type Tokens } from 'marked'

export type Inline =
  | { readonly kind: 'text' | 'code'; readonly text: string }
  | { readonly kind: 'math'; readonly tex: string }
  | { readonly kind: 'strong' | 'emphasis'; readonly content: readonly Inline[] }
  | { readonly kind: 'link'; readonly address: string; readonly content: readonly Inline[] }
  | { readonly kind: 'image'; readonly address: string; readonly text: string }

export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly content: readonly Inline[] }
  | { readonly kind: 'paragraph'; readonly content: readonly Inline[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'math'; readonly tex: string }
  | { readonly kind: 'quote'; readonly blocks: readonly Block[] }
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

/** Formulas, which Markdown itself has not. */
const { defaults } = new Marked({
  extensions: [
    {
      name: 'displayedMath',
      level: 'block',
      start: (text) => /(?:^|\n)\$\$/.exec(text)?.index,
      tokenizer(text) {
        const match = /^\$\$\s*([^$]+?)\s*\$\$[ \t]*(?:\n+|$)/.exec(text)
        return match ? { type: 'displayedMath', raw: match[0], tex: match[1]! } : undefined
      },
    },
    {
      name: 'math',
      level: 'inline',
      start: (text) => text.indexOf('$'),
      tokenizer(text) {
        // A price such as $5 and $6 is none: a formula hugs its signs, and no digit follows it.
        const match = /^\$(?![\s$])((?:\\.|[^$\\\n`])+?)(?<!\s)\$(?!\d)/.exec(text)
        return match ? { type: 'math', raw: match[0], tex: match[1]! } : undefined
      },
    },
  ],
})

export function parseMarkdown(text: string): Block[] {
  return new Lexer(defaults).lex(text.replace(/<!--.*?-->/gs, '')).flatMap(blockOf)
}

function blockOf(token: Token): Block[] {
  switch (token.type) {
    case 'space':
    case 'hr':
    case 'def':
      return []
    case 'heading': {
      const { depth, tokens } = token as Tokens.Heading
      return [{ kind: 'heading', level: depth, content: inlinesOf(tokens) }]
    }
    case 'code':
      return [{ kind: 'code', text: (token as Tokens.Code).text }]
    case 'displayedMath':
      return [{ kind: 'math', tex: texOf(token) }]
    case 'blockquote':
      return [{ kind: 'quote', blocks: (token as Tokens.Blockquote).tokens.flatMap(blockOf) }]
    case 'list': {
      const { ordered, items } = token as Tokens.List
      return [
        {
          kind: 'list',
          isOrdered: ordered,
          items: items.map((item) => item.tokens.flatMap(blockOf)),
        },
      ]
    }
    case 'table': {
      const { header, rows } = token as Tokens.Table
      return [{ kind: 'table', head: header.map(cellOf), rows: rows.map((row) => row.map(cellOf)) }]
    }
    case 'paragraph':
    case 'text':
      return [{ kind: 'paragraph', content: inlinesOf(tokensOf(token)) }]
    default:
      return [{ kind: 'paragraph', content: [{ kind: 'text', text: token.raw.trim() }] }]
  }
}

function cellOf({ align, tokens }: Tokens.TableCell): Cell {
  return { isRight: align === 'right', content: inlinesOf(tokens) }
}

function tokensOf(token: Token): readonly Token[] {
  return 'tokens' in token && token.tokens !== undefined ? token.tokens : [token]
}

function texOf(token: Token): string {
  return (token as Tokens.Generic & { readonly tex: string }).tex
}

/** Neighbouring words become one piece. */
function inlinesOf(tokens: readonly Token[]): Inline[] {
  const parts: Inline[] = []
  for (const part of tokens.flatMap(inlineOf)) {
    const last = parts.at(-1)
    if (part.kind === 'text' && last?.kind === 'text')
      parts[parts.length - 1] = { kind: 'text', text: last.text + part.text }
    else parts.push(part)
  }
  return parts
}

function inlineOf(token: Token): Inline[] {
  switch (token.type) {
    case 'codespan':
      return [{ kind: 'code', text: (token as Tokens.Codespan).text }]
    case 'math':
      return [{ kind: 'math', tex: texOf(token) }]
    case 'strong':
      return [{ kind: 'strong', content: inlinesOf(tokensOf(token)) }]
    case 'em':
      return [{ kind: 'emphasis', content: inlinesOf(tokensOf(token)) }]
    case 'link': {
      const { href, tokens, raw } = token as Tokens.Link
      // An address that merely stands in the text is text.
      if (!raw.startsWith('[')) return [{ kind: 'text', text: raw }]
      return [{ kind: 'link', address: href, content: inlinesOf(tokens) }]
    }
    case 'image': {
      const { href, text } = token as Tokens.Image
      return [{ kind: 'image', address: href, text }]
    }
    case 'br':
      return [{ kind: 'text', text: ' ' }]
    case 'escape':
      return [{ kind: 'text', text: (token as Tokens.Escape).text }]
    case 'text': {
      const { tokens, text } = token as Tokens.Text
      return tokens === undefined
        ? [{ kind: 'text', text: text.replace(/\s*\n\s*/g, ' ') }]
        : inlinesOf(tokens)
    }
    default:
      return [{ kind: 'text', text: token.raw }]
  }
}
