/**
 * `npm run fuzz`: bundles fuzz/ into .cache/fuzz/dist - a snapshot, so that nobody's change of the
 * sources disturbs it - and runs it there with the same arguments.
 */
import { spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { install } from './install.mjs'
import { root } from './root.mjs'

await install()
const { rolldown } = await import('rolldown')
const { default: config } = await import(pathToFileURL(join(root, 'rolldown.config.mjs')))
const input = { fuzz: join(root, 'fuzz', 'main.ts'), readers: join(root, 'fuzz', 'readers.ts') }
const dir = join(root, '.cache', 'fuzz', 'dist', String(process.pid))
const bundle = await rolldown({ ...config, cwd: root, input })
await bundle.write({ ...config.output, dir, sourcemap: true })
await bundle.close()
// Whatever becomes of the one above it meanwhile.
writeFileSync(join(dir, 'package.json'), '{"type":"module"}')
const { status } = spawnSync(process.execPath, [join(dir, 'fuzz.js'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
})
rmSync(dir, { recursive: true })
process.exitCode = status ?? 1
