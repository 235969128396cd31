export { parseInline, parseMarkdown, type Block, type Inline } from './markdown.ts'
export { MarkdownText } from './MarkdownText.ts'
