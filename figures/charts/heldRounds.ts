/** How many rounds a picture of a run's scalars and participants holds, and how it says so. */

/** Rounds whose scalars and participants are held; older ones are in the log. */
export const roundsHeld = 20_000

/**
 * In place of a picture that comes from the log, before it is there.
 * @param rounds that the run has played
 */
export function beforeRead(what: string, rounds: number): string {
  return rounds > 0
    ? `${what} is being read from the log.`
    : `${what} appears with the first round.`
}

/** What a picture of a run's newest rounds says of the others. */
export function heldNote(firstRound: number | undefined): { readonly note?: string } {
  return firstRound ? { note: `newest ${roundsHeld.toLocaleString('en-US')} rounds` } : {}
}
