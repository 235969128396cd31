export { parseMarkdown, type Block } from './markdown.ts'
export { MarkdownText } from './MarkdownText.ts'
