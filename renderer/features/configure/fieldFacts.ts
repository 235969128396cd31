/** What a field says of itself besides its sentence: range and default. */
import { wordFor } from '../../../core/config/index.ts'
import { groupDigits } from '../../components/index.ts'
import type { FieldModel } from '../../config/formModel.ts'

/** Bounds that are there for the machine's sake tell a person nothing. */
function isTelling(bound: number): boolean {
  return Math.abs(bound) !== 2 ** 31 - 1 && Math.abs(bound) < Number.MAX_SAFE_INTEGER
}

export function factsOf(field: FieldModel): string {
  return [rangeOf(field), defaultOf(field)]
    .filter((part) => part !== '')
    .map((part) => `${part.charAt(0).toUpperCase()}${part.slice(1)}.`)
    .join(' ')
}

function rangeOf({ min, max, above, below, words }: FieldModel): string {
  const top = max !== undefined && isTelling(max) ? max : undefined
  const bottom = min !== undefined && isTelling(min) ? min : undefined
  const alternatives = words?.length ? `${words.join(', ')} or ` : ''
  if (bottom !== undefined && top !== undefined)
    return `${alternatives}${above ? 'above ' : ''}${write(bottom)} to ${below ? 'below ' : ''}${write(top)}`
  if (bottom !== undefined)
    return above
      ? `${alternatives}more than ${write(bottom)}`
      : `${alternatives}${write(bottom)} or more`
  return top === undefined ? '' : `${alternatives}at most ${write(top)}`
}

function defaultOf({ path, default: value, optional, kind }: FieldModel): string {
  if (optional) return 'may be left out'
  if (value === undefined) return kind === 'mapping' ? '' : 'no default'
  if (kind === 'choice' || kind === 'kind') return `default ${wordFor(path, value)}`
  if (typeof value === 'boolean') return `default ${value ? 'on' : 'off'}`
  if (Array.isArray(value)) return `default ${value.join(', ')}`
  if (typeof value === 'number') return `default ${write(value)}`
  return typeof value === 'string' ? `default ${value}` : ''
}

function write(value: number): string {
  return Number.isInteger(value) ? groupDigits(value) : String(value)
}
