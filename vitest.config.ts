/** The tests beside the sources of the engine and the command line. */
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['core/**/*.test.ts', 'cli/**/*.test.ts'],
    globalSetup: 'scripts/buildBeforeTests.mjs',
    testTimeout: 60_000,
  },
})
