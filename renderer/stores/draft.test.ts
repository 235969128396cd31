/**
 * Writing a config: checked at each change, undone across fields, kinds that come back as they
 * were.
 */
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { parseRunConfig } from '../../core/config/index.ts'
import { useDraft } from './draft.ts'

const config = parseRunConfig({
  name: 'base',
  task: { dataset: 'mnist', model: 'softmax' },
  split: { kind: 'dirichlet', alpha: 0.3 },
  method: { name: 'hiso', hessian: { nu: 0.2 } },
})

function begun() {
  const draft = useDraft()
  draft.begin({ kind: 'preset', name: 'base', title: 'Base', config })
  return draft
}

beforeEach(() => {
  vi.useFakeTimers()
  setActivePinia(createPinia())
})
afterEach(() => vi.useRealTimers())

describe('a draft', () => {
  it('is there at the next launch; what was set by hand stays even where its start is none any more', async () => {
    const kept = new Map<string, string>()
    vi.stubGlobal('localStorage', {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
    })
    begun().set('method.mu', 0.5)
    await vi.runAllTimersAsync()
    setActivePinia(createPinia())
    expect(useDraft()).toMatchObject({ start: { name: 'base' }, config: { method: { mu: 0.5 } } })
    for (const [key, text] of kept) kept.set(key, text.replaceAll('"dirichlet"', '"of tomorrow"'))
    setActivePinia(createPinia())
    const draft = useDraft()
    expect(draft.start.name).toBe('quickstart')
    expect(draft.input).toMatchObject({ name: 'base', method: { mu: 0.5 } })
    expect(draft.issueAt.get('split.kind')).toMatch(/of tomorrow/)
    vi.unstubAllGlobals()
  })

  it('says at the field what is wrong, and keeps the last config that could run', () => {
    const draft = begun()
    draft.set('federation.participants', 99)
    expect(draft.config).toBeUndefined()
    expect(draft.issueAt.get('federation.participants')).toBe('must be at most “Clients” (8)')
    expect(draft.lastValid.federation.participants).toBe(2)
    draft.set('method.mu', 'abc')
    expect(draft.issueAt.get('method.mu')).toBe('must be a number (got "abc")')
  })

  it('says what is wrong between fields while another field is wrong by itself', () => {
    const draft = begun()
    draft.set('federation.batchSize', 'abc')
    draft.set('federation.participants', 99)
    expect(draft.issues.map(({ path }) => path)).toEqual([
      'federation.batchSize',
      'federation.participants',
    ])
  })

  it('is right again once a key that a newer version left in it is taken out', () => {
    const draft = begun()
    draft.set('method.quantum', 3)
    expect(draft.issueAt.get('method.quantum')).toContain('not a known key')
    draft.set('method.quantum', undefined)
    expect(draft.config).toEqual(config)
  })

  it('takes one typing back in one step, and each field by itself', () => {
    const draft = begun()
    draft.set('federation.rounds', 1)
    draft.set('federation.rounds', 10)
    draft.set('federation.rounds', 100)
    draft.set('seed', 3)
    draft.undo()
    expect(draft.at('seed')).toBe(365)
    expect(draft.at('federation.rounds')).toBe(100)
    draft.undo()
    expect(draft.at('federation.rounds')).toBe(200)
    draft.redo()
    draft.redo()
    expect(draft.at('federation.rounds')).toBe(100)
    expect(draft.at('seed')).toBe(3)
    expect(draft.canRedo).toBe(false)
  })

  it('begins a new step after a pause', () => {
    const draft = begun()
    draft.set('seed', 1)
    vi.advanceTimersByTime(5000)
    draft.set('seed', 2)
    draft.undo()
    expect(draft.at('seed')).toBe(1)
  })

  it('keeps what two kinds share, and brings back what a kind had', () => {
    const draft = begun()
    draft.choose('method', 'decomfl')
    expect(draft.at('method.hessian')).toBeUndefined()
    expect(draft.at('method.learningRate')).toBe(0.001)
    expect(draft.config?.method.name).toBe('decomfl')
    draft.choose('method', 'hiso')
    expect(draft.at('method.hessian.nu')).toBe(0.2)
    draft.choose('split', 'shards')
    expect(draft.config?.split).toEqual({ kind: 'shards', labelsPerClient: 2 })
    draft.choose('split', 'dirichlet')
    expect(draft.at('split.alpha')).toBe(0.3)
  })

  it('takes the learning rate of another family of methods, but the one that was set by hand', () => {
    const draft = begun()
    draft.choose('method', 'fedavg')
    expect(draft.at('method.learningRate')).toBe(0.1)
    draft.set('method.learningRate', 0.3)
    draft.choose('method', 'hiso')
    expect(draft.at('method.learningRate')).toBe(0.001)
    draft.choose('method', 'fedavg')
    expect(draft.at('method.learningRate')).toBe(0.3)
    draft.begin({ kind: 'preset', name: 'base', title: 'Base', config })
    draft.set('method.learningRate', 0.05)
    draft.choose('method', 'fedavg')
    expect(draft.at('method.learningRate')).toBe(0.05)
    expect(draft.command).toBe(
      'hiso run base --set method.name=fedavg --set method.learningRate=0.05',
    )
  })

  it('puts a field back to its start, or to the default where the start has none', () => {
    const draft = begun()
    draft.set('split.alpha', 7)
    draft.reset('split.alpha')
    expect(draft.at('split.alpha')).toBe(0.3)
    draft.choose('split', 'quantity')
    draft.set('split.exponent', 4)
    draft.reset('split.exponent')
    expect(draft.at('split.exponent')).toBe(1)
    draft.reset('split.kind')
    expect(draft.changed).toEqual([])
  })

  it('can be taken back to what it was before another preset was chosen', () => {
    const draft = begun()
    draft.set('seed', 8)
    draft.begin({ kind: 'preset', name: 'other', title: 'Other', config: { ...config, seed: 1 } })
    expect(draft.start.name).toBe('other')
    draft.undo()
    expect(draft.start.name).toBe('base')
    expect(draft.at('seed')).toBe(8)
  })

  it('is a command line', () => {
    const draft = begun()
    draft.set('federation.rounds', 12)
    expect(draft.command).toBe('hiso run base --set federation.rounds=12')
  })
})
