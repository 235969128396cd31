/** Which benches there are: bench/ times the engine, e2e/bench/ the window. */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './root.mjs'

const suffix = '.bench.ts'
const folders = [
  { folder: 'bench', command: 'npm run bench --' },
  { folder: 'e2e/bench', command: 'npm run bench:window --' },
]

/** Every bench with its file, how it is run, and the first sentence of its opening comment. */
export function listBenches() {
  return folders.flatMap(({ folder, command }) =>
    readdirSync(join(root, folder))
      .filter((file) => file.endsWith(suffix))
      .sort()
      .map((file) => {
        const name = file.slice(0, -suffix.length)
        const path = `${folder}/${file}`
        return { name, path, command: `${command} ${name}`, purpose: purposeOf(path) }
      }),
  )
}

function purposeOf(path) {
  const text = readFileSync(join(root, path), 'utf8')
  const opening = text.slice(0, text.indexOf('*/')).replace(/^\/?\s*\*+ ?/gm, '')
  return (
    /^.*?[.?!:](?=\s|$)/.exec(opening.replaceAll('\n', ' ').trim())?.[0].replace(/:$/, '.') ?? ''
  )
}
