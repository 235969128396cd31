/**
 * What is bundled into dist/: the command line, the engine for those who import it, and the script
 * of worker threads.
 * scripts/build.mjs does it.
 */
import { defineConfig } from 'rolldown'

export default defineConfig({
  input: {
    hiso: 'cli/main.ts',
    engine: 'api/index.ts',
    workerThread: 'platform/workerThread.ts',
    readerProcess: 'platform/quarantine/readerProcess.ts',
    readerThread: 'platform/quarantine/readerThread.ts',
    viewsThread: 'platform/viewsThread.ts',
  },
  platform: 'node',
  checks: { bundlerTimings: false },
  // Native: found in node_modules at run time.
  external: ['onnxruntime-node'],
  output: {
    dir: 'dist',
    format: 'esm',
    entryFileNames: '[name].js',
    // Flat: package.json, resources and the worker's script are found from any of these files.
    chunkFileNames: '[name].chunk.js',
    banner: (chunk) => (chunk.name === 'hiso' ? '#!/usr/bin/env node' : ''),
  },
})
