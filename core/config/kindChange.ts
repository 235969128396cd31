/**
 * What a group of a config (a method, a split, a task) keeps when another kind of it is chosen: one
 * rule for `--set` and for the form.
 */
import type { z } from 'zod'
import { fieldFacts } from './field.ts'

/**
 * Whether the value of a key comes along. It does where both kinds give the key the same default:
 * then it means the same to both. HiSo's learning rate, 0.001 along estimated gradients, says
 * nothing of FedAvg's, 0.1 along true ones.
 * @param from undefined where the present kind is none that is known
 */
export function survivesKindChange(
  key: string,
  from: z.ZodObject | undefined,
  to: z.ZodObject,
): boolean {
  const [before, after] = [from?.shape[key], to.shape[key]] as (z.ZodType | undefined)[]
  if ([before, after].some((schema) => schema && fieldFacts(schema)?.onKindChange)) return false
  return after !== undefined && (before === undefined || defaultText(before) === defaultText(after))
}

/** The default as text, undefined where there is none. */
function defaultText(schema: z.ZodType): string | undefined {
  const parsed = schema.safeParse(undefined)
  return parsed.success ? JSON.stringify(parsed.data) : undefined
}
