/**
 * How the app is built: main and preload as CommonJS (Electron 25 loads nothing else), the engine's
 * process beside main, the scripts of its threads as modules of their own, the renderer for Chrome
 * 114.
 */
import tailwindcss from '@tailwindcss/vite'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'electron-vite'
import { resolve } from 'node:path'
import { build } from 'rolldown'
import type { Plugin } from 'vite'
import { licences } from './scripts/electron/licences.ts'

const at = (...parts: readonly string[]) => resolve(import.meta.dirname, ...parts)

/** Native: found in node_modules at run time. */
const external = ['electron', 'onnxruntime-node']

/** Not bundled: the native library, and the rules that Tailwind writes. */
const beside = ['onnxruntime-node', 'onnxruntime-common', 'tailwindcss']
const listLicences = () =>
  licences(
    at('out/licences.txt'),
    beside.map((name) => at('node_modules', name)),
  )

/** Which plugin took how long interests nobody who starts the app for the first time. */
const quiet = { bundlerTimings: false }

/** Threads start from a file, and theirs awaits at the top level, which CommonJS can't. */
const threads: Plugin = {
  name: 'hiso-threads',
  apply: 'build',
  async writeBundle() {
    const scripts = {
      engineThread: 'electron/engineProcess/engineThread.ts',
      workerThread: 'platform/workerThread.ts',
      readerThread: 'platform/quarantine/readerThread.ts',
      viewsThread: 'platform/viewsThread.ts',
    }
    for (const [name, source] of Object.entries(scripts))
      await build({
        input: at(source),
        platform: 'node',
        external,
        plugins: [listLicences()],
        checks: quiet,
        output: { file: at('out/threads', `${name}.mjs`), format: 'esm', codeSplitting: false },
      })
  },
}

/**
 * Chrome 114 takes the empty fallback of a registered property, as Tailwind's rings have it, for a
 * mistake, and draws none of them.
 */
const rings: Plugin = {
  name: 'hiso-rings',
  enforce: 'pre',
  transform: (code, id) =>
    id.endsWith('.css') ? code.replace(/@property --tw-ring-inset\s*\{[^}]*\}/, '') : undefined,
}

export default defineConfig({
  main: {
    plugins: [threads, listLicences()],
    build: {
      externalizeDeps: false,
      target: 'node18',
      outDir: 'out/main',
      rollupOptions: {
        external,
        checks: quiet,
        input: {
          index: at('electron/main/index.ts'),
          engineProcess: at('electron/engineProcess/index.ts'),
          readerProcess: at('platform/quarantine/readerProcess.ts'),
        },
        output: {
          format: 'cjs',
          entryFileNames: '[name].cjs',
          chunkFileNames: 'chunks/[name]-[hash].cjs',
        },
      },
    },
  },
  preload: {
    plugins: [listLicences()],
    build: {
      externalizeDeps: false,
      target: 'node18',
      outDir: 'out/preload',
      rollupOptions: {
        checks: quiet,
        input: { index: at('electron/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: at('renderer'),
    plugins: [vue(), tailwindcss(), rings, listLicences()],
    build: {
      target: 'chrome114',
      outDir: at('out/renderer'),
      emptyOutDir: true,
      // A data: script or font would need a hole in the content security policy; preloading by
      // inline script, another.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rollupOptions: { checks: quiet, input: { index: at('renderer/index.html') } },
    },
  },
})
