/** Reading one input in several ways: a refusal of one is no reason to leave out the others. */
import { HisoError } from '../../core/base/index.ts'

/** @throws HisoError the last refusal, where no way was left */
export async function everyWay(reads: readonly (() => unknown)[]): Promise<void> {
  let refused: HisoError | undefined
  let isRead = false
  for (const read of reads)
    try {
      await read()
      isRead = true
    } catch (error) {
      if (!(error instanceof HisoError)) throw error
      refused = error
    }
  if (!isRead && refused !== undefined) throw refused
}
