/**
 * What is bundled into dist/: the command line and the script of its worker threads.
 * scripts/build.mjs does it.
 */
import { defineConfig } from 'rolldown'

export default defineConfig({
  input: { hiso: 'cli/main.ts', workerThread: 'platform/workerThread.ts' },
  platform: 'node',
  // Native: found in node_modules at run time.
  external: ['onnxruntime-node'],
  output: {
    dir: 'dist',
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name].js',
    banner: (chunk) => (chunk.name === 'hiso' ? '#!/usr/bin/env node' : ''),
  },
})
