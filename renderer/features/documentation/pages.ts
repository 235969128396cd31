/** The pages of docs/ that come with the app, in the order in which one would read them. */
const texts = import.meta.glob<string>('../../../docs/*.md', {
  query: '?raw',
  import: 'default',
})

export interface Page {
  /** The file's name without `.md`: what links between pages say. */
  readonly name: string
  readonly title: string
  readonly load: () => Promise<string>
}

const order = [
  'guide',
  'lessons',
  'glossary',
  'charts',
  'command-line',
  'wire-format',
  'run-format',
  'robustness',
  'privacy',
  'network-time',
  'performance',
]

export const pages: readonly Page[] = Object.entries(texts)
  .map(([path, load]) => {
    const name = path.slice(path.lastIndexOf('/') + 1, -'.md'.length)
    return { name, title: titleOf(name), load }
  })
  .sort((a, b) => rankOf(a) - rankOf(b) || a.title.localeCompare(b.title, 'en'))

function titleOf(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1).replaceAll('-', ' ')
}

function rankOf({ name }: Page): number {
  const rank = order.indexOf(name)
  return rank < 0 ? order.length : rank
}

/** The page that a link leads to, if it leads to one. */
export function pageAt(address: string): Page | undefined {
  const [, name] = /^(?:\.\/|docs\/)?([\w-]+)\.md(?:#.*)?$/.exec(address) ?? []
  return pages.find((page) => page.name === name)
}
