/**
 * Markdown as elements of the app: headings one level below what they stand in, code and tables
 * that scroll, formulas, links that are answered.
 */
import { defineComponent, h, type PropType, type VNodeChild } from 'vue'
import { Formula } from '../components/index.ts'
import type { Block, Cell, Inline } from './markdown.ts'

export const MarkdownText = defineComponent({
  name: 'MarkdownText',
  props: {
    blocks: { type: Array as PropType<readonly Block[]>, required: true },
    /** Whether a link leads anywhere from here; others are shown as text. */
    isLink: { type: Function as PropType<(address: string) => boolean>, default: () => false },
    /** Pictures as data, by address; one that is not there shows what it would have shown. */
    pictures: { type: Object as PropType<Readonly<Record<string, string>>>, default: () => ({}) },
  },
  emits: { follow: (address: string) => address !== '' },
  setup(props, { emit }) {
    const inlines = (content: readonly Inline[]): VNodeChild[] => content.map(inline)

    function inline(part: Inline): VNodeChild {
      switch (part.kind) {
        case 'text':
          return part.text
        case 'code':
          return h('code', part.text)
        case 'strong':
          return h('strong', inlines(part.content))
        case 'emphasis':
          return h('em', inlines(part.content))
        case 'math':
          return h(Formula, { tex: part.tex })
        case 'image':
          return Object.hasOwn(props.pictures, part.address)
            ? h('img', { src: props.pictures[part.address], alt: part.text })
            : h('span', { class: 'missing' }, part.text)
        case 'link':
          return props.isLink(part.address)
            ? h(
                'button',
                { type: 'button', onClick: () => emit('follow', part.address) },
                inlines(part.content),
              )
            : h('span', inlines(part.content))
      }
    }

    const cells = (tag: 'th' | 'td', row: readonly Cell[]) =>
      row.map(({ isRight, content }) =>
        h(
          tag,
          { class: isRight && 'text-right', ...(tag === 'th' && { scope: 'col' }) },
          inlines(content),
        ),
      )

    function block(of: Block): VNodeChild {
      switch (of.kind) {
        case 'heading':
          return h(`h${Math.min(6, of.level + 2)}`, inlines(of.content))
        case 'paragraph':
          return h('p', inlines(of.content))
        case 'code':
          // What scrolls can be reached by keyboard.
          return h('pre', { tabindex: 0 }, of.text)
        case 'math':
          return h('div', { class: 'scroll', tabindex: 0 }, [
            h(Formula, { tex: of.tex, display: true }),
          ])
        case 'quote':
          return h('blockquote', of.blocks.map(block))
        case 'list':
          return h(
            of.isOrdered ? 'ol' : 'ul',
            of.items.map((blocks) => h('li', blocks.map(block))),
          )
        case 'table':
          return h('div', { class: 'scroll', tabindex: 0 }, [
            h('table', [
              h('thead', h('tr', cells('th', of.head))),
              h(
                'tbody',
                of.rows.map((row) => h('tr', cells('td', row))),
              ),
            ]),
          ])
      }
    }

    return () => h('div', { class: 'markdown selectable' }, props.blocks.map(block))
  },
})
