/**
 * Rounds that a run's log holds and its other files lack, after a power cut for instance. They are
 * played again, and the log decides: what it holds is compared with, never written over.
 */
import { HisoError } from '../../base/index.ts'
import { decode, type Change } from '../../wire/index.ts'

export class LogAhead {
  readonly #frames: Uint8Array
  #offset = 0

  /** @param frames of the log, behind the rounds that are complete */
  constructor(frames: Uint8Array) {
    this.#frames = frames.slice()
  }

  get isEmpty(): boolean {
    return this.#offset >= this.#frames.length
  }

  /** The changes of settings that come before the next round. */
  takeChanges(): Change[] {
    const changes: Change[] = []
    while (!this.isEmpty) {
      const { message, end } = decode(this.#frames, this.#offset)
      if (message.type !== 'change') break
      changes.push(message)
      this.#offset = end
    }
    return changes
  }

  /** Whether the next round's entry is this one; then it is done with. */
  take(entry: Uint8Array): boolean {
    const isSame = entry.every((byte, at) => byte === this.#frames[this.#offset + at])
    if (isSame) this.#offset += entry.length
    return isSame
  }

  /** Gives up all that is left. */
  discard(): void {
    this.#offset = this.#frames.length
  }
}

/** @param round zero-based */
export function cameOutDifferently(folder: string, round: number): HisoError {
  return new HisoError('RUN_CHANGED', {
    where: `${folder}, round ${round + 1}`,
    what: 'played again, the round comes out differently from the log: another machine, version or file than the run had',
    remedy:
      'Go on where the run was played, or drop the rounds from there on: hiso resume --discard-damaged',
  })
}
