import { expect, it } from 'vitest'
import type { GraphRunner, NamedTensor } from './graphRunner.ts'
import { buildOpt } from './openDecoder.ts'
import { checkSequences } from './sequenceCheck.ts'
import { trainDecoder } from './trainDecoder.ts'

const shape = { layers: 1, hidden: 8, heads: 2, ffn: 12, vocabulary: 13, positions: 300 }
const graph = {
  ...trainDecoder(buildOpt(shape, 1), { trainables: { kind: 'full' }, seed: 1 }),
  positions: undefined,
}

/** A model whose table of positions is quantised: only the runtime knows how long it is. */
const runnerOf = (positions: number): GraphRunner => ({
  run: (feeds) => {
    const [, length = 0] = (feeds[graph.inputs.tokens] as NamedTensor).shape
    if (length > positions) return Promise.reject(new Error('indices out of bounds'))
    const [picks = 0] = (feeds[graph.picks] as NamedTensor).shape
    return Promise.resolve({ [graph.losses]: new Float32Array(picks) })
  },
  release: async () => {},
})

it('a row that is longer than the model’s unknown positions is told before anything is trained', async () => {
  const dataset = { vocabulary: 13, longest: 200, padding: { token: 0, side: 'right' } } as const
  await expect(checkSequences(graph, runnerOf(64), dataset)).rejects.toThrow(
    /as long as the longest, 200 tokens \(indices out of bounds\)\. Set task\.maxLength/,
  )
  await expect(checkSequences(graph, runnerOf(256), dataset)).resolves.toBeUndefined()
})
