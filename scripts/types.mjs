/**
 * Writes the types of `hiso-studio/engine` into dist/types/: the declarations that its entry leads
 * to, and no others. Run: node scripts/types.mjs
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { root } from './root.mjs'
import { runStep } from './steps.mjs'

const out = join(root, 'dist', 'types')
const entry = 'api/index.ts'

/** Where the compiler has put the declarations of a source file: by project. */
const declarationOf = (file) => {
  const [project] = file.split('/')
  return join(root, '.tsbuild', project, file.replace(/\.ts$/, '.d.ts'))
}

const specifiers = /(?:from|import\()\s*(['"])(\.[^'"]+\.ts)\1/g

/** @returns the compiler's exit code */
export function writeTypes() {
  const code = runStep('tsc', ['-b', 'api'])
  if (code !== 0) return code
  rmSync(out, { recursive: true, force: true })
  const waiting = [entry]
  const seen = new Set(waiting)
  for (const file of waiting) {
    const text = readFileSync(declarationOf(file), 'utf8')
    for (const [, , specifier] of text.matchAll(specifiers)) {
      const target = normalize(join(dirname(file), specifier)).replaceAll('\\', '/')
      if (seen.has(target) || !existsSync(declarationOf(target))) continue
      seen.add(target)
      waiting.push(target)
    }
    const to = join(out, file.replace(/\.ts$/, '.d.ts'))
    mkdirSync(dirname(to), { recursive: true })
    // Those who import the package have no .ts files: as JavaScript the names resolve everywhere.
    writeFileSync(
      to,
      text.replace(specifiers, (all) => all.replace(/\.ts(['"])$/, '.js$1')),
    )
  }
  return 0
}

if (process.argv[1] === import.meta.filename) process.exitCode = writeTypes()
