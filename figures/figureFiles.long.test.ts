import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import { DOMParser } from '@xmldom/xmldom'
import { afterAll, describe, expect, it } from 'vitest'
import { xml } from './files/svg.ts'
import { texText } from './files/tex.ts'
import { figureBytes, figureFormats } from './figureFiles.ts'
import type { ChartModel } from './model/chartModel.ts'
import { figurePresets, presetNames } from './presets.ts'
import { everyChart, hostileChart } from './testing/charts.ts'

const cases = everyChart.flatMap(([name, model]) =>
  presetNames.map((preset) => ({ name, model, preset })),
)
const text = (bytes: Uint8Array) => new TextDecoder('utf-8', { fatal: true }).decode(bytes)

/** @throws what the parser finds wrong */
function parseXml(content: string) {
  const fail = (message: string) => {
    throw new Error(message)
  }
  const errorHandler = { warning: fail, error: fail, fatalError: fail }
  return new DOMParser({ errorHandler }).parseFromString(content, 'image/svg+xml')
}

const scratch = mkdtempSync(join(tmpdir(), 'figures-'))
afterAll(() => rmSync(scratch, { recursive: true }))

/** Debian's poppler-utils; undefined where they are not installed. */
function poppler(tool: string, pdf: Uint8Array, ...options: string[]): string | undefined {
  const file = join(scratch, 'figure.pdf')
  writeFileSync(file, pdf)
  const { error, status, stdout, stderr } = spawnSync(
    tool,
    [...options, file, ...(tool === 'pdftotext' ? ['-'] : [])],
    {
      encoding: 'utf8',
    },
  )
  if (error !== undefined) return undefined
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return stdout
}

describe.each(cases)('$name on $preset', ({ model, preset }) => {
  const { widthMm, heightMm } = figurePresets[preset]

  it('is well-formed SVG of the preset’s size, and no letter of it is smaller than said', () => {
    const root = parseXml(text(figureBytes({ model, preset }, 'svg'))).documentElement
    expect(root.getAttribute('width')).toBe(`${widthMm}mm`)
    expect(root.getAttribute('height')).toBe(`${heightMm}mm`)
    const sizes = Array.from(root.getElementsByTagName('text'), (own) =>
      Number(own.getAttribute('font-size')),
    )
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(8)
  })

  it('is source for pgfplots and Vega-Lite, without a number that is none', () => {
    const tex = text(figureBytes({ model, preset }, 'tex'))
    expect(tex).toContain('\\end{axis}')
    expect(tex).not.toMatch(/NaN|Infinity|undefined/)
    expect(
      [...tex.matchAll(/[{}]/g)].reduce((depth, [it]) => depth + (it === '{' ? 1 : -1), 0),
    ).toBe(0)
    const vega = text(figureBytes({ model, preset }, 'vega'))
    expect(vega).not.toMatch(/NaN|Infinity|undefined/)
    expect((JSON.parse(vega) as { layer: unknown[] }).layer.length).toBeGreaterThan(0)
  })
})

describe('PDF files', () => {
  it.each(everyChart)('of %s have their fonts within and vectors but for heat maps', (_, model) => {
    const pdf = figureBytes({ model, preset: 'one-column' }, 'pdf')
    const fonts = poppler('pdffonts', pdf)
    if (fonts === undefined) return console.warn('no poppler-utils here: PDF is not looked into')
    const lines = fonts.trim().split('\n').slice(2)
    expect(lines.length).toBeGreaterThan(0)
    for (const line of lines) expect(line).toMatch(/CID TrueType +Identity-H +yes yes yes/)
    const images = poppler('pdfimages', pdf, '-list')!.trim().split('\n').length - 2
    const rasters = model.layers.filter(({ kind }) => kind === 'raster').length
    // An image and its mask.
    expect(images).toBe(2 * rasters)
  })

  it('have the texts of the figure, in letters of the preset’s size', () => {
    const [, model] = everyChart.find(([name]) => name === 'comparison')!
    const pdf = figureBytes({ model, preset: 'one-column' }, 'pdf')
    const boxes = poppler('pdftotext', pdf, '-bbox')
    if (boxes === undefined) return console.warn('no poppler-utils here: PDF is not looked into')
    expect(boxes).toContain('width="240.940000" height="175.750000"')
    for (const word of ['HiSo', 'DeComFL', 'accuracy', '(%)', 'bytes'])
      expect(boxes).toContain(`>${word}<`)
    const heights = [...boxes.matchAll(/yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">HiSo</g)].map(
      ([, top, floor]) => Number(floor) - Number(top),
    )
    expect(Math.min(...heights)).toBeGreaterThan(8)
  })
})

describe('PNG files', () => {
  it('have the preset’s size in pixels, and say their density', () => {
    const [, model] = everyChart[0]!
    const png = figureBytes({ model, preset: 'one-column' }, 'png', 150)
    const view = new DataView(png.buffer)
    expect([view.getUint32(16), view.getUint32(20)]).toEqual([502, 366])
    const marker = Buffer.from(png).indexOf('pHYs')
    expect(view.getUint32(marker + 4)).toBe(Math.round(150 / 0.0254))
    const data = Buffer.from(png).indexOf('IDAT')
    const length = view.getUint32(data - 4)
    expect(inflateSync(png.subarray(data + 4, data + 4 + length))).toHaveLength(366 * (502 * 4 + 1))
  })
})

describe('what is unpleasant', () => {
  const names = [
    `</text><script>alert("1")</script>&amp;'`,
    '\\input{/etc/passwd} $x^2$ 50 % #1 _a_ {b} ~',
    '=HYPERLINK("x")',
    'Ωμέγα ḡ η = 0.01, 漢字 🙂 \u0000\u0007\ud800',
  ]

  it.each(names)('the name %j is in every file, and does nothing', (name) => {
    const model = hostileChart(name)
    const files = figureFormats.map((format) => figureBytes({ model, preset: 'slide' }, format, 40))
    expect(files.every(({ length }) => length > 100)).toBe(true)
    const [, svg, , tex, vega] = files
    const root = parseXml(text(svg!)).documentElement
    expect(root.getElementsByTagName('script')).toHaveLength(0)
    const texts = Array.from(root.getElementsByTagName('text'), ({ textContent }) => textContent)
    expect(texts).toContain(name.replaceAll(/\p{Cc}|\p{Cs}/gu, ''))
    expect(text(tex!)).toContain(texText(name))
    expect(text(tex!)).not.toContain('\\input')
    expect(() => JSON.parse(text(vega!)) as unknown).not.toThrow()
  })

  it('infinities and what was not measured leave the rest of a figure as it is', () => {
    const model = hostileChart('a')
    for (const format of ['svg', 'tex', 'vega'] as const)
      expect(text(figureBytes({ model, preset: 'one-column' }, format))).not.toMatch(/NaN|Infinity/)
  })

  it('a chart without data says so', () => {
    const empty: ChartModel = { ...hostileChart('a'), layers: [], emptyText: 'Nothing yet.' }
    expect(text(figureBytes({ model: empty, preset: 'slide' }, 'svg'))).toContain('Nothing yet.')
  })

  it('letters that XML has no place for are left out', () => {
    expect(xml('a\u0000\u001f\ufffe\ud83d b<&>"\'')).toBe('a b&lt;&amp;&gt;&quot;&apos;')
  })
})
