/** The long table of ten thousand runs, read back by a reader that is not ours. */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import * as hyparquet from 'hyparquet'
import { afterAll, expect, it } from 'vitest'
import type { TidyRow } from '../core/engine/index.ts'
import { streamFile } from './streamedFile.ts'
import { tidyWriter } from './tidyFile.ts'

/** What this test needs of it, and the program does not. */
const { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } = hyparquet as unknown as {
  asyncBufferFromFile: (path: string) => Promise<unknown>
  parquetMetadataAsync: (
    file: unknown,
  ) => Promise<{ num_rows: bigint; row_groups: readonly unknown[] }>
  parquetReadObjects: (from: {
    file: unknown
    rowStart: number
    rowEnd: number
  }) => Promise<Record<string, unknown>[]>
}

const folder = mkdtempSync(join(tmpdir(), 'tidy-'))
afterAll(() => rmSync(folder, { recursive: true }))

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** What is still in use: when the rest is given back is no matter of the writer. */
function heldBytes(): number {
  collectGarbage()
  return process.memoryUsage().arrayBuffers
}

const [runs, rowsOfRun] = [10_000, 120]
const rate = (run: number) => (run % 2 === 0 ? 0.01 * run : 'decaying')

function rowsOf(run: number): TidyRow[] {
  return Array.from({ length: rowsOfRun }, (_, at) => ({
    run: `run-${run}`,
    method: run % 3 === 0 ? 'hiso' : 'decomfl',
    seed: run,
    settings: [rate(run), run % 5 === 0 ? undefined : run],
    ...{ round: at + 1, localStep: undefined, perturbation: at % 2 === 0 ? at : undefined },
    ...{ metric: 'testLoss', unit: '', value: Math.sin(run * rowsOfRun + at) },
  }))
}

it('of ten thousand runs is a Parquet file whose writer holds one group of rows', async () => {
  const path = join(folder, 'runs.parquet')
  let [most, before] = [0, 0]
  await streamFile(path, async (file) => {
    const writer = tidyWriter('parquet', file, ['method.learningRate', 'method.rank'])
    for (let run = 0; run < runs; run++) {
      await writer.write(rowsOf(run))
      if (run === runs / 10) before = heldBytes()
      if (run % 500 === 0) most = Math.max(most, heldBytes())
    }
    await writer.finish()
  })
  // The file is several times longer than the memory by which the writer grows after its first
  // tenth.
  expect(most - before).toBeLessThan(statSync(path).size / 2)
  const file = await asyncBufferFromFile(path)
  const { num_rows, row_groups } = await parquetMetadataAsync(file)
  expect(Number(num_rows)).toBe(runs * rowsOfRun)
  expect(row_groups.length).toBeGreaterThanOrEqual((runs * rowsOfRun) / 100_000)
  for (const run of [0, 833, 5000, runs - 1]) {
    const rowStart = run * rowsOfRun + 7
    const [row] = await parquetReadObjects({ file, rowStart, rowEnd: rowStart + 1 })
    const wanted = rowsOf(run)[7]!
    expect(row).toEqual({
      ...{ run: wanted.run, method: wanted.method, seed: run },
      'method.learningRate': String(rate(run)),
      'method.rank': run % 5 === 0 ? null : String(run),
      ...{ round: 8, localStep: null, perturbation: null },
      ...{ metric: 'testLoss', unit: '', value: wanted.value },
    })
  }
})
