/**
 * `method:` the learning algorithm and its settings. How a method is composed from them is
 * core/methods' business.
 */
import { z } from 'zod'
import { field } from './field.ts'
import { scalarMethods } from './scalarMethods.ts'
import { vectorMethods } from './vectorMethods.ts'

const methods = [...scalarMethods, ...vectorMethods] as const

/**
 * Keys that some method has: left over after a change of `method.name` they are ignored, any other
 * unknown key is refused.
 */
const knownKeys = new Set(methods.flatMap((method) => Object.keys(method.shape)))

/**
 * Drops from `method` what belongs to other methods only. But it refuses what people would then
 * wrongly count on: privacy, and low-rank directions.
 */
function keepOwnKeys(value: unknown, context: z.RefinementCtx): unknown {
  if (typeof value !== 'object' || value === null) return value
  const given = value as {
    readonly name?: unknown
    readonly distribution?: unknown
    readonly privacy?: { readonly kind?: unknown }
  }
  const own = methods.find((method) => method.shape.name.value === given.name)
  if (own === undefined) return value
  if (!('privacy' in own.shape) && given.privacy?.kind === 'gaussian')
    context.addIssue({
      code: 'custom',
      path: ['privacy'],
      message: `must be none for ${own.shape.name.value}, whose messages are whole vectors: only scalars are made private`,
    })
  const isLowRank = given.distribution === 'low-rank' && !('rank' in own.shape)
  if (isLowRank)
    context.addIssue({
      code: 'custom',
      path: ['distribution'],
      message: `must be gaussian, rademacher or sphere for ${own.shape.name.value}: only directions that are noise and nothing else can be low-rank (got "low-rank")`,
    })
  return Object.fromEntries(
    Object.entries(value).filter(
      ([key]) =>
        (key in own.shape || !knownKeys.has(key)) && !(isLowRank && key === 'distribution'),
    ),
  )
}

export const methodSchema = field(
  z.preprocess(keepOwnKeys, z.discriminatedUnion('name', methods)),
  { section: 'method', label: 'Method', help: 'The learning algorithm.' },
)

export type MethodSettings = z.infer<typeof methodSchema>
export type MethodName = MethodSettings['name']
export const methodNames: readonly MethodName[] = methods.map((method) => method.shape.name.value)
