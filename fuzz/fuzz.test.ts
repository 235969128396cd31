/** A short fuzz with fixed seeds: `npm run fuzz` is the long one. */
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { mutatedInput } from './mutate/mutate.ts'
import { sourcesIn } from './sources.ts'
import { targets } from './targets/index.ts'
import { tryInput } from './trial.ts'

const sources = sourcesIn(fileURLToPath(new URL('..', import.meta.url)))
const inputs = 25

describe.each(targets.map((target) => [target.name, target] as const))('%s', (_name, target) => {
  it('reads what is whole', async () => {
    const corpus = await target.corpus(sources)
    const trials = corpus.map((input) => tryInput(target, input, input))
    const kinds = (await Promise.all(trials)).map(({ outcome }) => outcome.kind)
    // Some files of the corpus are there because they are refused.
    expect(kinds.filter((kind) => kind === 'read').length).toBeGreaterThan(corpus.length / 2)
    expect(kinds).not.toContain('broken')
  })
  it('keeps its promises', async () => {
    const corpus = await target.corpus(sources)
    for (let seed = 0; seed < inputs; seed++) {
      const { input, original } = mutatedInput(target, corpus, seed)
      const { outcome } = await tryInput(target, input, original)
      expect(outcome, `npm run fuzz -- --reader ${target.name} --seed ${seed}`).not.toMatchObject({
        kind: 'broken',
      })
    }
  })
})
