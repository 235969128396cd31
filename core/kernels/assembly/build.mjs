/**
 * Compiles the AssemblyScript kernels to base64 in ../kernels.generated.ts. With --check it writes
 * nothing, and exits with 1 if that file does not match the sources.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const here = fileURLToPath(new URL('.', import.meta.url))
const target = fileURLToPath(new URL('../kernels.generated.ts', import.meta.url))

let binary
const { error, stderr } = await asc.main(
  [
    'index.ts',
    ...['--baseDir', here],
    ...['--outFile', 'kernels.wasm'],
    ...['-O3', '--converge', '--noAssert'],
    ...['--enable', 'simd', '--runtime', 'stub'],
    ...['--importMemory', '--initialMemory', '1'],
  ],
  {
    readFile: (name, base) => readFile(new URL(name, `file://${base}/`), 'utf8').catch(() => null),
    writeFile: (name, contents) => {
      if (name.endsWith('.wasm')) binary = contents
    },
    listFiles: () => [],
  },
)
if (error) {
  console.error(String(stderr))
  process.exit(1)
}

const text = `/** The SIMD kernels as WebAssembly in base64; made by core/kernels/assembly/build.mjs, not by hand. */
export const kernelsBase64 =
  '${Buffer.from(binary).toString('base64')}'
`
if (process.argv.includes('--check')) {
  const stored = await readFile(target, 'utf8').catch(() => '')
  if (stored !== text) {
    console.error(
      'core/kernels/kernels.generated.ts is stale: run node core/kernels/assembly/build.mjs',
    )
    process.exit(1)
  }
} else {
  await writeFile(target, text)
  console.log(`${target}: ${binary.length} bytes of WebAssembly`)
}
