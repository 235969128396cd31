/**
 * When rounds ended, told by the run's folder alone: the engine appends a row to metrics.csv at the
 * end of each. The file's own time is used, not the moment at which somebody noticed, and it is
 * looked at so seldom that looking costs nothing: on two cores a watcher that wakes up for every
 * row would be measured too.
 */
import { open, readdir, readFile, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'

export interface RoundEnd {
  /** Rounds completed. */
  readonly rounds: number
  /** Milliseconds since the epoch; the kernel's clock is coarse, up to 4 ms early. */
  readonly at: number
}

/** run.json is small, but it has to be parsed. */
const looksPerQuestion = 10

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/**
 * Notes the newest round's end every `everyMs` until the run has ended; rounds between two looks
 * are passed over.
 */
export async function noteRounds(folder: string, everyMs: number): Promise<RoundEnd[]> {
  const looks: { readonly size: number; readonly at: number }[] = []
  const file = await open(join(folder, 'metrics.csv'))
  try {
    for (let look = 1; look % looksPerQuestion !== 0 || !(await isOver(folder)); look++) {
      const { size, mtimeMs } = await file.stat()
      if (size > (looks.at(-1)?.size ?? 0)) looks.push({ size, at: mtimeMs })
      await pause(everyMs)
    }
    return await countRounds(file, looks)
  } finally {
    await file.close()
  }
}

async function isOver(folder: string): Promise<boolean> {
  const { status } = JSON.parse(await readFile(join(folder, 'run.json'), 'utf8')) as {
    readonly status: string
  }
  return status !== 'running'
}

/** How many rows the file had at each look: counted when nothing is measured any more. */
async function countRounds(
  file: FileHandle,
  looks: readonly { readonly size: number; readonly at: number }[],
): Promise<RoundEnd[]> {
  const content = await file.readFile()
  let from = 0
  // The first line is the header.
  let rounds = -1
  return looks.map(({ size, at }) => {
    for (const byte of content.subarray(from, size)) if (byte === 0x0a) rounds++
    from = size
    return { rounds, at }
  })
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
    await pause(20)
  }
}
