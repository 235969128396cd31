/** The tests beside the sources of the engine and its faces. */
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{core,platform,api,cli,electron,renderer,scripts}/**/*.test.ts'],
    globalSetup: 'scripts/buildBeforeTests.mjs',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
