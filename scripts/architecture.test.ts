/** docs/architecture.md against the folders: its figure, its code map and its line of arrows. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8')
const { forbidden } = createRequire(import.meta.url)('../.dependency-cruiser.cjs') as {
  readonly forbidden: readonly { readonly name: string; readonly to: { readonly path?: string } }[]
}

/** Folders of the root that hold no code of ours. */
const withoutCode =
  'coverage dist docs node_modules out playwright-report release resources runs test-results'.split(
    ' ',
  )

const foldersIn = (path: string): string[] =>
  readdirSync(join(root, path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name)

const [, map = ''] = /## Code map\n([\s\S]*?)\n## /.exec(page) ?? []
const mapped = [...map.matchAll(/^\| (`[^|]+`) *\|/gm)].flatMap(([, cell]) =>
  [...cell!.matchAll(/`([^`]+)`/g)].map(([, folder]) => folder!),
)
const levels = (/^ {4}(base ← .*)$/m.exec(map)?.[1] ?? '')
  .split(' ← ')
  .map((level) => level.split(', '))

describe('the architecture page', () => {
  it('maps folders that exist', () => {
    expect(mapped.filter((folder) => !existsSync(join(root, folder)))).toEqual([])
  })

  it('maps every folder of core, and every folder of the root that holds code', () => {
    const code = foldersIn('.').filter((name) => name !== 'core' && !withoutCode.includes(name))
    const core = foldersIn('core').map((name) => `core/${name}`)
    expect([...code, ...core].filter((folder) => !mapped.includes(folder))).toEqual([])
  })

  it('draws folders that exist', () => {
    const [figure = ''] = page.split('## The one idea')
    const drawn = [...figure.matchAll(/\b(\w+(?:\/\w+)*)\/ \(|\b(core\/\w+)/g)]
    const folders = drawn.map(([, face, core]) => face ?? core!)
    expect(folders.length).toBeGreaterThan(3)
    expect(folders.filter((folder) => !existsSync(join(root, folder)))).toEqual([])
  })

  it('has a line of arrows with every layer of core, each of which the check keeps', () => {
    const layers = foldersIn('core').filter((name) => name !== 'testing')
    const drawn = levels.flat().filter((name) => !['platform', 'api', 'faces'].includes(name))
    expect([...drawn].sort()).toEqual([...layers].sort())
    const isForbidden = (from: string, to: string): boolean => {
      const rule = forbidden.find(({ name }) => name === `core-${from}-only-looks-down`)
      return new RegExp(rule?.to.path ?? '(?!)').test(`core/${to}/`)
    }
    const missing = levels.flatMap((level, index) =>
      level.flatMap((from) =>
        levels
          .slice(index + 1)
          .flat()
          .filter((to) => layers.includes(to) && layers.includes(from) && !isForbidden(from, to))
          .map((to) => `${from} must not import ${to}`),
      ),
    )
    expect(missing).toEqual([])
  })

  it('leads to files that exist', () => {
    const links = [...page.matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)].map(([, path]) => path!)
    expect(links.filter((path) => !existsSync(join(root, 'docs', path)))).toEqual([])
  })
})
