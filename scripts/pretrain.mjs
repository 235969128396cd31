/** `npm run pretrain -- …`: bundles pretrain/main.ts and runs it. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { install } from './install.mjs'
import { root } from './root.mjs'

await install()
const { rolldown } = await import('rolldown')
const dir = join(root, '.cache', 'pretrain', 'program')
const bundle = await rolldown({
  cwd: root,
  input: { pretrain: join(root, 'pretrain', 'main.ts') },
  platform: 'node',
  external: ['onnxruntime-node'],
})
await bundle.write({
  dir,
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: 'chunks/[name].js',
})
await bundle.close()
const script = join(dir, 'pretrain.js')
process.exitCode =
  spawnSync(process.execPath, ['--enable-source-maps', script, ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
  }).status ?? 1
