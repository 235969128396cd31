/**
 * Serves the app in a plain browser with the fake engine and shell, for looking at it and for
 * screenshots.
 */
import tailwindcss from '@tailwindcss/vite'
import vue from '@vitejs/plugin-vue'
import { resolve } from 'node:path'
import { defineConfig } from 'vite'

const renderer = resolve(import.meta.dirname, '..')

export default defineConfig({
  root: renderer,
  plugins: [vue(), tailwindcss()],
  cacheDir: '/tmp/hiso-preview-cache',
  server: { port: 5199, fs: { allow: [resolve(renderer, '..')] } },
  build: {
    target: 'chrome114',
    outDir: '/tmp/hiso-preview',
    emptyOutDir: true,
    rollupOptions: { input: resolve(import.meta.dirname, 'preview.html') },
  },
})
