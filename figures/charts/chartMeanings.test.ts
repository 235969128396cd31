/** Every chart says what it shows, and docs/charts.md says the same. */
import temml from 'temml'
import { format } from 'prettier'
import { expect, it } from 'vitest'
import { chartMeanings, figureMeanings, type Meaning } from './chartMeanings.ts'
import { runCharts } from './runCharts.ts'

const charts = Object.entries<Meaning>(chartMeanings)
const figures = Object.entries<Meaning>(figureMeanings)

it.each([...charts, ...figures])('%s is explained in a few plain sentences', (_, meaning) => {
  for (const text of [meaning.text, ...Object.values(meaning.names ?? {})]) {
    expect(text).toMatch(/^[A-Zη].*\.$/)
    expect(text.length).toBeLessThan(240)
  }
})

it.each(charts)('the formula of %s is mathematics', (_, { formula }) => {
  if (formula === undefined) return
  expect(() => temml.renderToString(formula, { throwOnError: true })).not.toThrow()
})

it('knows every chart that a figure can be made of', () => {
  for (const [name, { meaning }] of Object.entries(runCharts))
    expect(Object.values<Meaning>(chartMeanings), name).toContain(meaning)
})

it('is what docs/charts.md shows (write it anew with `npm test -- figures/charts/chartMeanings -u`)', async () => {
  const page = await format(markdown(), {
    parser: 'markdown',
    proseWrap: 'always',
    printWidth: 100,
  })
  await expect(page).toMatchFileSnapshot('../../docs/charts.md')
})

function markdown(): string {
  return [
    '# Charts',
    '<!-- Generated from figures/charts/chartMeanings.ts; a test keeps it fresh. -->',
    'What each chart shows. In the app the `?` of a chart says the same.',
    ...charts.flatMap(([, { title, text, formula, names }]) => [
      `## ${title}`,
      text,
      ...(formula === undefined ? [] : [`$$${formula}$$`]),
      ...(names === undefined
        ? []
        : [
            Object.entries(names)
              .map(([name, says]) => `- **${name}**: ${says}`)
              .join('\n'),
          ]),
    ]),
    '## Key figures',
    figures.map(([, { title, text }]) => `- **${title}**: ${text}`).join('\n'),
  ].join('\n\n')
}
