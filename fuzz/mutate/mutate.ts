/** From a seed to an input: a valid one, spoiled a few times. */
import { Draw } from '../draw.ts'
import type { Input, Target } from '../target.ts'

export interface Mutated {
  readonly input: Input
  readonly original: Input
}

/** The same for the same seed, whatever was drawn before. */
export function mutatedInput(target: Target, corpus: readonly Input[], seed: number): Mutated {
  const draw = new Draw(target.name, seed)
  const original = draw.pick(corpus)
  const files = new Map(original)
  for (let times = draw.pick([1, 1, 1, 2, 3, 6]); times > 0; times--) {
    const names = [...files.keys()].filter((name) => mutatorsOf(target, name).length > 0)
    const name = draw.pick(names)
    const others = corpus.map((other) => other.get(name)).filter((it) => it !== undefined)
    const mutate = draw.pick(mutatorsOf(target, name))
    files.set(name, mutate(files.get(name)!, draw, others))
  }
  return { input: files, original }
}

const mutatorsOf = ({ mutators }: Target, name: string) => mutators[name] ?? mutators['*'] ?? []
