/** Every chart says what it shows, and docs/charts.md says the same. */
import temml from 'temml'
import { format } from 'prettier'
import { expect, it } from 'vitest'
import { legendOf } from '../model/chartModel.ts'
import { everyChart } from '../testing/charts.ts'
import { chartMeanings, figureMeanings, meaningOfName, type Meaning } from './chartMeanings.ts'
import { runCharts } from './runCharts.ts'

const charts = Object.entries<Meaning>(chartMeanings)
const figures = Object.entries<Meaning>(figureMeanings)

it.each([...charts, ...figures])('%s is explained in a few plain sentences', (_, meaning) => {
  const { text: own, names = {}, others } = meaning
  for (const text of [own, ...Object.values(names), ...(others ? [others.text] : [])]) {
    expect(text).toMatch(/^[A-Zη].*\.$/)
    expect(text.length).toBeLessThan(240)
  }
})

it.each([...charts, ...figures])('the formula of %s is mathematics', (_, { formula }) => {
  if (formula === undefined) return
  expect(() => temml.renderToString(formula, { throwOnError: true })).not.toThrow()
})

it('knows every chart that a figure can be made of', () => {
  for (const [name, { meaning }] of Object.entries(runCharts))
    expect(Object.values<Meaning>(chartMeanings), name).toContain(meaning)
})

it.each(everyChart)('the legend of %s explains each of its names', (name, model) => {
  const meaning: Meaning =
    name === 'comparison'
      ? chartMeanings.compare
      : name === 'sweep'
        ? chartMeanings.sweep
        : runCharts[name as keyof typeof runCharts].meaning
  for (const entry of legendOf(model))
    if (entry.shape !== 'raster')
      expect(meaningOfName(meaning, entry.name), entry.name).toBeDefined()
})

it('explains no name that a chart does not have', () => {
  const scatter = everyChart.find(([name]) => name === 'curvature-scatter')![1]
  const known = legendOf(scatter).map(({ name }) => name)
  expect(known).toEqual(expect.arrayContaining(Object.keys(chartMeanings.scatter.names)))
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
    'What each chart shows. In the app the `?` of a chart says the same; a key figure says it when it is pointed at or focused.',
    ...charts.flatMap(([, { title, text, formula, names = {}, others }]) => [
      `## ${title}`,
      text,
      ...(formula === undefined ? [] : [`$$${formula}$$`]),
      [...Object.entries(names), ...(others ? [[others.title, others.text]] : [])]
        .map(([name, says]) => `- **${name}**: ${says}`)
        .join('\n'),
    ]),
    '## Key figures',
    figures
      .map(
        ([, { title, text, formula }]) =>
          `- **${title}**: ${text}${formula === undefined ? '' : ` $${formula}$`}`,
      )
      .join('\n'),
  ].join('\n\n')
}
