/** Chooses the attack. */
import { assertNever } from '../../base/index.ts'
import type { AttackSettings } from '../../config/index.ts'
import type { Attack } from './attack.ts'
import { colluding } from './colluding.ts'
import { gaussian } from './gaussian.ts'
import { krumAttack } from './krumAttack.ts'
import { signFlip } from './signFlip.ts'
import { trim } from './trim.ts'

export function createAttack(settings: Exclude<AttackSettings, { kind: 'none' }>): Attack {
  switch (settings.kind) {
    case 'gaussian':
      return gaussian(settings.scale)
    case 'signFlip':
      return signFlip(settings.scale)
    case 'trim':
      return trim(settings.scale)
    case 'krum':
      return krumAttack
    case 'colluding':
      return colluding(settings.scale)
    default:
      return assertNever(settings)
  }
}
