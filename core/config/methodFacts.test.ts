import { describe, expect, it } from 'vitest'
import {
  factsOfMethod,
  methodFacts,
  methodFamily,
  methodNames,
  methodSource,
  methodTitle,
} from './index.ts'
import { papers } from './papers.ts'

describe('the facts of methods', () => {
  it('cover each method of the schema, and no other', () => {
    expect(Object.keys(methodFacts).sort()).toEqual([...methodNames].sort())
  })

  it.each(methodNames)('%s: the year is that of the paper, whose number begins with it', (name) => {
    const { arxiv, year, isOurs } = methodFacts[name]
    expect(papers).toHaveProperty([arxiv])
    if (isOurs === undefined) expect(year).toBe(2000 + Number(arxiv.slice(0, 2)))
  })

  it('give each method a title and a colour of its own', () => {
    const all = Object.values(methodFacts)
    expect(new Set(all.map(({ title }) => title)).size).toBe(all.length)
    const slots = all.flatMap(({ palette }) => palette ?? [])
    expect(new Set(slots).size).toBe(slots.length)
  })

  it('say where a method comes from and which family it belongs to', () => {
    expect(methodSource(methodFacts.hiso)).toBe('arXiv 2506.02370')
    expect(methodSource(methodFacts['hiso-short'])).toBe('ours, after arXiv 2506.02370')
    expect(methodFamily(methodFacts['hiso-short'])).toBe('Scalars only')
    expect(methodFamily(methodFacts.fedzo)).toBe('Whole models, gradients estimated')
    expect(methodFamily(methodFacts.scaffold)).toBe('Whole models, true gradients')
  })

  it('know nothing of a method that this version lacks, and call it by its name', () => {
    for (const name of ['fedsophia', 'toString', '']) {
      expect(factsOfMethod(name)).toBeUndefined()
      expect(methodTitle(name)).toBe(name)
    }
  })
})
