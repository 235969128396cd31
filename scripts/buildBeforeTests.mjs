/** vitest's global set-up: tests start the real program and real worker threads, from dist/. */
import { buildIfStale } from './build.mjs'

export async function setup() {
  await buildIfStale()
}
