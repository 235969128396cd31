/**
 * Which parts of a decoder are trained, and the setting after one of them was put in or taken out.
 */
import type { TrainableSetSettings } from '../../../core/config/index.ts'
import type { DecoderPreview, ModelPreview } from '../../../core/tasks/index.ts'

export type Role = NonNullable<DecoderPreview['parts'][number]['role']>
type LoraTarget = Extract<TrainableSetSettings, { kind: 'lora' }>['targets'][number]

/** Roles of which anything is trained. */
export function trainedRoles(
  { parts }: DecoderPreview,
  { trainables }: ModelPreview,
  set: TrainableSetSettings,
): ReadonlySet<Role> {
  if (set.kind === 'full')
    return new Set(parts.flatMap(({ role }) => (role === undefined ? [] : [role])))
  return new Set(trainables.flatMap(({ role }) => (role === undefined ? [] : [role])))
}

/**
 * The setting with a role put in or taken out; all weights but some is a choice by name. As it was
 * where nothing would be left.
 */
export function withRole(
  decoder: DecoderPreview,
  model: ModelPreview,
  set: TrainableSetSettings,
  role: Role,
): TrainableSetSettings {
  const trained = trainedRoles(decoder, model, set)
  const next = decoder.parts.flatMap(({ role: own }) =>
    own !== undefined && trained.has(own) !== (own === role) ? [own] : [],
  )
  if (next.length === 0) return set
  if (set.kind === 'lora') return { ...set, targets: next.filter(isTarget) }
  const others =
    set.kind === 'pattern'
      ? set.names.filter((name) => !name.startsWith('role:') && !trained.has(role))
      : []
  return { kind: 'pattern', names: [...others, ...next.map((it) => `role:${it}`)] }
}

const isTarget = (role: Role): role is LoraTarget & Role =>
  role !== 'embedding' && role !== 'position' && role !== 'norm'
