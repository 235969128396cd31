/**
 * Figures and tables for papers, compiled by LaTeX where it is installed (Debian:
 * texlive-latex-recommended, texlive-pictures).
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { comparisonText } from './compare/comparisonTables.ts'
import { figureBytes } from './figureFiles.ts'
import type { ChartModel } from './model/chartModel.ts'
import { presetNames, type PresetName } from './presets.ts'
import { comparedRuns, everyChart, hostileChart } from './testing/charts.ts'

const scratch = mkdtempSync(join(tmpdir(), 'latex-'))
afterAll(() => rmSync(scratch, { recursive: true }))

const isThere = spawnSync('kpsewhich', ['pgfplots.sty', 'booktabs.sty']).status === 0

if (!isThere) console.warn('no LaTeX with pgfplots here: figures are not compiled')

/** @throws the first error that LaTeX finds, and boxes that are too wide for the page */
function compile(...pages: readonly string[]): void {
  const source = [
    '\\documentclass{article}',
    '\\usepackage[T1]{fontenc}',
    '\\usepackage[paperwidth=460mm,paperheight=460mm,margin=5mm]{geometry}',
    '\\usepackage{pgfplots,booktabs}',
    '\\pgfplotsset{compat=1.16}',
    '\\begin{document}',
    pages.join('\\newpage\n'),
    '\\end{document}',
  ]
  writeFileSync(join(scratch, 'paper.tex'), source.join('\n'))
  const options = ['-interaction=nonstopmode', '-halt-on-error', 'paper.tex']
  const { status } = spawnSync('pdflatex', options, { cwd: scratch, encoding: 'utf8' })
  const log = readFileSync(join(scratch, 'paper.log'), 'latin1')
  if (status !== 0) throw new Error(/^![^]{0,400}/m.exec(log)?.[0] ?? log.slice(-400))
  expect(log).not.toMatch(/^(LaTeX|Package pgfplots) Warning: (?!.*compat)/m)
  expect(log).toContain(`(${pages.length} page${pages.length === 1 ? '' : 's'},`)
}

const pgfplots = (model: ChartModel, preset: PresetName) =>
  new TextDecoder().decode(figureBytes({ model, preset }, 'tex'))

const vectors = everyChart.filter(([, { layers }]) => layers.every(({ kind }) => kind !== 'raster'))

it.skipIf(!isThere).each(presetNames)('LaTeX takes every chart on %s', (preset) => {
  // Thousands of cells, which take their time: at one size.
  const charts = preset === 'one-column' ? everyChart : vectors
  compile(...charts.map(([, model]) => pgfplots(model, preset)))
})

it.skipIf(!isThere)('LaTeX takes the table of a comparison', () => {
  const settings = { metric: 'testAccuracy', grouping: 'auto', target: 0.5 } as const
  compile(comparisonText(comparedRuns, 'latex', settings))
})

it
  .skipIf(!isThere)
  .each([
    '\\input{/etc/passwd} $x^2$ 50 % #1 _a_ {b} ~ < > | "',
    'Ωμέγα ḡ η = 0.01, ‖x‖ ≤ 10⁻³, é ß ñ Ł – — … ’ “ ” « »',
    '漢字 🙂 \u0000\u0007\ud800 ж ⟨ ✓ ̈',
    '-\\end{axis}, [=] ] ; , @',
  ])('LaTeX takes the name %j', (name) => {
  compile(pgfplots(hostileChart(name), 'one-column'))
})
