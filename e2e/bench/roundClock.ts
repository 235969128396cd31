/**
 * When rounds ended, told by the run's folder alone: the engine appends a row to metrics.csv at the end of each. The file's own time
 * is used, not the moment at which somebody noticed, so that a busy machine can't make the engine look late.
 */
import { watch } from 'node:fs'
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'

export interface RoundEnd {
  /** Rounds completed. */
  readonly rounds: number
  /** Milliseconds since the epoch; the kernel's clock is coarse, up to 4 ms early. */
  readonly at: number
}

/** Notes the ends of rounds until `until` has come true; rounds between two looks are passed over. */
export async function noteRounds(
  folder: string,
  until: () => boolean | Promise<boolean>,
): Promise<RoundEnd[]> {
  const path = join(folder, 'metrics.csv')
  const file = await open(path)
  const ends: RoundEnd[] = []
  const buffer = Buffer.alloc(1 << 16)
  let read = 0
  let lines = 0
  const look = async () => {
    const { size, mtimeMs } = await file.stat()
    while (read < size) {
      const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, size - read), read)
      for (const byte of buffer.subarray(0, bytesRead)) if (byte === 0x0a) lines++
      read += bytesRead
    }
    // The first line is the header.
    if (lines - 1 > (ends.at(-1)?.rounds ?? 0)) ends.push({ rounds: lines - 1, at: mtimeMs })
  }
  let wake = () => {}
  const watcher = watch(path, () => wake())
  try {
    while (!(await until())) {
      await look()
      await new Promise<void>((resolve) => {
        wake = resolve
        setTimeout(resolve, 20)
      })
    }
    await look()
  } finally {
    watcher.close()
    await file.close()
  }
  return ends
}

/** Rounds a second between the first and the last end, the first `warmUp` rounds left out. */
export function paceOf(ends: readonly RoundEnd[], warmUp: number): number {
  const first = ends.find(({ rounds }) => rounds >= warmUp)!
  const last = ends.at(-1)!
  return (1000 * (last.rounds - first.rounds)) / (last.at - first.at)
}

/** The only run in a library, as soon as it has a metrics file. */
export async function onlyRun(library: string): Promise<string> {
  for (;;) {
    for (const name of await readdir(library).catch((): string[] => []))
      if ((await readdir(join(library, name)).catch((): string[] => [])).includes('metrics.csv'))
        return join(library, name)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
