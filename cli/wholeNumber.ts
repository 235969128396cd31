/** A whole number as an option of the command line has it. */
import { HisoError } from '../core/base/index.ts'

/** @throws HisoError CONFIG_INVALID */
export function wholeNumber(option: string, text: string): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : NaN
  if (Number.isSafeInteger(value)) return value
  throw new HisoError('CONFIG_INVALID', {
    where: `${option} ${text}`,
    what: 'this is not a whole number',
    remedy: `For example: ${option} 100`,
  })
}
