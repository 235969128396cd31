import { describe, expect, it } from 'vitest'
import { bibtexOf } from './citations.ts'
import { parseRunConfig } from './issues.ts'
import { methodNames } from './method.ts'

const cited = (dataset: string, method = 'hiso') =>
  bibtexOf(
    parseRunConfig({
      name: 'x',
      task: { dataset, model: 'mlp' },
      method: { name: method },
      federation: method === 'mezo' ? { clients: 1, participants: 1 } : {},
    }),
    '1.2.3',
  )

describe('what a run cites', () => {
  it.each(methodNames)('is well-formed BibTeX for %s, with distinct keys', (method) => {
    const text = cited('mnist', method)
    let depth = 0
    for (const letter of text) depth += letter === '{' ? 1 : letter === '}' ? -1 : 0
    expect(depth).toBe(0)
    const keys = [...text.matchAll(/^@\w+\{([^,]+),$/gm)].map(([, key]) => key)
    expect(keys).toHaveLength(3)
    expect(new Set(keys).size).toBe(3)
  })

  it('cites a method by its authors and title, and a variant of ours by the paper that it varies', () => {
    const paper = /author\s+= \{Li, Zhe and .*\},\n\s+title\s+= \{Converge Faster, Talk Less: /
    expect(cited('mnist')).toMatch(paper)
    expect(cited('mnist', 'hiso-short')).toMatch(paper)
    expect(cited('mnist', 'hiso-short')).toContain('is a variant of it, by HiSo Studio')
  })

  it('names the program’s version, and the data where they are known', () => {
    expect(cited('fashion-mnist')).toMatch(/version = \{1\.2\.3\}[\s\S]*1708\.07747/)
    expect(cited('hf:some/data_set')).toContain('https://huggingface.co/datasets/some/data_set')
    expect(cited('/home/me/secret.csv')).not.toContain('secret')
  })
})
