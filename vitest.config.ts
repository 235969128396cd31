/**
 * The tests beside the sources, as two projects: `short`, which `npm test` runs, and `long`, those
 * named *.long.test.ts, which `npm run test:long`, `npm run check` and CI run as well.
 */
import { defineConfig } from 'vitest/config'

const folders = '{core,figures,platform,api,cli,electron,renderer,scripts,docs,fuzz}'
const long = `${folders}/**/*.long.test.ts`

export default defineConfig({
  test: {
    globalSetup: 'scripts/buildBeforeTests.mjs',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: { name: 'short', include: [`${folders}/**/*.test.ts`], exclude: [long] },
      },
      { extends: true, test: { name: 'long', include: [long] } },
    ],
  },
})
