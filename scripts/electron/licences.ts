/**
 * The licences of the packages that are in the app: which ones they are is seen while the bundles
 * are made, so that none is forgotten and none is listed that only served to build.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

interface Package {
  readonly name: string
  readonly version: string
  readonly license: string
  readonly homepage?: string
}

/** Of all bundles that one process makes. */
const folders = new Set<string>()

/**
 * A plugin for Vite and Rolldown; the file holds what is known after each bundle.
 * @param file where the licences are written
 * @param beside folders of packages that are in the app and in no bundle
 */
export function licences(file: string, beside: readonly string[]) {
  for (const folder of beside) folders.add(folder)
  return {
    name: 'hiso-licences',
    generateBundle(_options: unknown, bundle: Readonly<Record<string, object>>): void {
      for (const output of Object.values(bundle))
        for (const id of 'moduleIds' in output ? (output.moduleIds as readonly string[]) : []) {
          const folder = packageFolder(id)
          if (folder !== undefined) folders.add(folder)
        }
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, textOf([...folders].map(describe)))
    },
  }
}

/** The folder of the package that a module belongs to; undefined for our own. */
function packageFolder(id: string): string | undefined {
  const found = /^(?:\0[^/]*)?(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(id)
  return found?.[1]
}

function describe(folder: string): Package & { readonly texts: readonly string[] } {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Package
  const texts = readdirSync(folder)
    .filter((entry) => /^(licen[cs]e|copying|notice|copyrightnotice)(\.(md|txt))?$/i.test(entry))
    .sort()
    .map((entry) => readFileSync(join(folder, entry), 'utf8').trim())
  return { ...manifest, texts }
}

function textOf(packages: readonly ReturnType<typeof describe>[]): string {
  const sorted = [...packages].sort((a, b) => (a.name < b.name ? -1 : 1))
  const parts = sorted.map(({ name, version, license, homepage, texts }) =>
    [
      `${name} ${version}`,
      `Licence: ${license}`,
      ...(homepage === undefined ? [] : [homepage]),
      ...texts.map((text) => `\n${text}`),
    ].join('\n'),
  )
  const rule = `\n\n${'-'.repeat(80)}\n\n`
  return `HiSo Studio contains these packages, each under its own licence.${rule}${parts.join(rule)}\n`
}
