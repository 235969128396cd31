import { describe, expect, it } from 'vitest'
import { scoreAnswers } from './scoreAnswers.ts'
import { writeAnswers, type PromptedModel } from './generate.ts'
import type { LanguageGraph } from './languageGraph.ts'

const vocabulary = 30
const end = 20
const newline = 25

/** A model that counts: behind token n comes n + 1. */
function counting(positions?: number) {
  const passes: number[] = []
  const graph = {
    inputs: { tokens: 'tokens', past: [] },
    ...{ picks: 'picks', targets: 'targets', losses: 'losses', logits: 'logits' },
    ...{ vocabulary, positions, candidates: undefined, held: {}, trainables: [], dim: 0 },
  } as unknown as LanguageGraph
  const asked: PromptedModel<Float32Array> = {
    graph,
    padding: { token: 0, side: 'right' },
    runner: {
      run(_params, feeds) {
        const { data, shape } = feeds['tokens']!
        const picks = Array.from(feeds['picks']!.data, Number)
        passes.push(shape[0]!)
        const logits = new Float32Array(picks.length * vocabulary)
        picks.forEach((at, i) => (logits[i * vocabulary + Number(data[at]) + 1] = 1))
        return Promise.resolve({ logits })
      },
    },
  }
  return { asked, passes }
}

/** Tokens as their numbers, the newline as itself. */
const tokenizer = {
  end,
  decode: (ids: readonly number[]) =>
    ids.map((id) => (id === newline ? '\n' : String(id))).join(' '),
}
const params = new Float32Array()
const write = (prompts: readonly (readonly number[])[], maxNewTokens: number, positions?: number) =>
  writeAnswers(counting(positions).asked, params, prompts, { tokenizer, maxNewTokens })

describe('answers that a model writes', () => {
  it('take the likeliest token each time, up to their longest', async () => {
    expect(await write([[3], [7, 5]], 3)).toEqual(['4 5 6', '6 7 8'])
  })

  it('end with the token that ends texts, with their line, or with the positions', async () => {
    expect(await write([[17], [22], [1]], 8)).toEqual(['18 19', '23 24', '2 3 4 5 6 7 8 9'])
    expect(await write([[1, 2], [1]], 8, 4)).toEqual(['3 4', '2 3 4'])
  })

  it('cost no passes for rows that are done', async () => {
    const { asked, passes } = counting()
    await writeAnswers(asked, params, [[18], [1]], { tokenizer, maxNewTokens: 4 })
    expect(passes).toEqual([2, 2, 1, 1])
  })

  it('are scored against what counts as right', async () => {
    const rows = [
      { ids: Int32Array.of(3, 4, 5), answerFrom: 1 },
      { ids: Int32Array.of(7, 9, 9), answerFrom: 1 },
    ]
    const samples = {
      count: 2,
      labels: new Int32Array(2),
      row: (index: number) => rows[index]!,
      references: (index: number) => [['4 5'], ['9 9', '8 1']][index]!,
    }
    const scores = await scoreAnswers(counting().asked, params, samples, [0, 1], {
      tokenizer,
      maxNewTokens: 2,
      metrics: ['exactMatch', 'f1'],
    })
    // The second answer is 8 9: one word of two, against either reference.
    expect(scores).toEqual({ exactMatch: 1, f1: 1.5 })
  })
})
