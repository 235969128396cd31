import { describe, expect, it } from 'vitest'
import type { DecoderPreview, ModelPreview } from '../../../core/tasks/index.ts'
import { trainedRoles, withRole, type Role } from './trainedRoles.ts'

const roles: readonly Role[] = ['embedding', 'q', 'v', 'norm', 'mlp']
const decoder: DecoderPreview = {
  vocabulary: 8,
  positions: 8,
  parts: roles.map((role) => ({
    role,
    weights: 1,
    size: 4,
    isLinear: ['q', 'v', 'mlp'].includes(role),
  })),
}
const modelOf = (...trained: readonly Role[]): ModelPreview => ({
  dim: 4 * trained.length,
  trainables: trained.map((role) => ({ name: role, shape: [4], role })),
  notices: [],
})

describe('choosing what is trained by its role', () => {
  it('puts a layer under LoRA and takes it away, in the order of the model', () => {
    const set = { kind: 'lora' as const, rank: 4, alpha: 16, targets: ['v' as const] }
    const more = withRole(decoder, modelOf('v'), set, 'q')
    expect(more).toEqual({ ...set, targets: ['q', 'v'] })
    expect(withRole(decoder, modelOf('q', 'v'), set, 'q')).toEqual(set)
  })

  it('makes all weights but one a choice by name', () => {
    expect(withRole(decoder, modelOf(...roles), { kind: 'full' }, 'embedding')).toEqual({
      kind: 'pattern',
      names: ['role:q', 'role:v', 'role:norm', 'role:mlp'],
    })
  })

  it('keeps the last one', () => {
    const set = { kind: 'pattern' as const, names: ['role:q'] }
    expect(withRole(decoder, modelOf('q'), set, 'q')).toBe(set)
    expect(trainedRoles(decoder, modelOf('q'), set)).toEqual(new Set(['q']))
  })
})
