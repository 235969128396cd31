import type { Attack } from './attack.ts'

/** Every attacker sends its honest row times −scale: uphill instead of down. */
export function signFlip(scale: number): Attack {
  return {
    forge: ({ rows, attackers }) =>
      attackers.map((row) => rows[row]!.map((value) => -scale * value)),
  }
}
