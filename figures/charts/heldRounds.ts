/** How many rounds a picture of a run's scalars and participants holds. */

/** Rounds whose scalars and participants are held; older ones are in the log. */
export const roundsHeld = 20_000

/** What a picture of a run's newest rounds says of the others. */
export function heldNote(firstRound: number | undefined): { readonly note?: string } {
  return firstRound ? { note: `newest ${roundsHeld.toLocaleString('en-US')} rounds` } : {}
}
