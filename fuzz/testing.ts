/** Readers that do what none may do, for the test of those who watch. */
import { serve } from './child.ts'
import { setByte } from './mutate/bytes.ts'
import type { Target } from './target.ts'

/** Misbehaves with inputs that hold a byte of ones: some do. */
function badReader(name: string, misbehave: () => Promise<string | undefined>): Target {
  return {
    name,
    title: `${name}, as no reader may`,
    corpus: async () => [new Map([['file', new Uint8Array(16)]])],
    mutators: { '*': [setByte] },
    read: (input) => (input.get('file')!.includes(0xff) ? misbehave() : Promise.resolve(undefined)),
  }
}

serve([
  badReader('throws', () => Promise.reject(new TypeError('a mistake'))),
  badReader('breaks', () => Promise.resolve('a promise does not hold')),
  badReader('hangs', () => {
    for (;;);
  }),
  badReader('crashes', () => process.exit(3)),
  badReader('fills', async () => {
    const filled = Array.from({ length: 3 }, () => new Uint8Array(100 * 2 ** 20).fill(1))
    return filled.length > 9 ? 'never' : undefined
  }),
  badReader('forgets', async () => {
    void Promise.reject(new Error('nobody waits'))
    return undefined
  }),
])
