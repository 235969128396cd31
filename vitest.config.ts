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
    // By itself vitest leaves one core idle, which is half of a small machine.
    maxWorkers: '100%',
    // Files share their modules: importing them anew for each took most of the time, and what one
    // file leaves behind for the next is a mistake that shows.
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: { name: 'short', include: [`${folders}/**/*.test.ts`], exclude: [long] },
      },
      // Whole programs and brokers, on a machine that may be busy: nothing waits so long by itself.
      { extends: true, test: { name: 'long', include: [long], testTimeout: 180_000 } },
    ],
  },
})
