/** A font of figures within a PDF file: glyphs by number, with their widths and their letters. */
import { fontOf, type FontName } from '../font/fonts.ts'
import type { PdfObjects } from './pdfObjects.ts'

/** The six letters mark fonts of which a file holds a part. */
const names: Readonly<Record<FontName, string>> = {
  upright: 'HISOFG+DejaVuSansCondensed',
  italic: 'HISOFG+DejaVuSansCondensed-Oblique',
}

/** @param letters that the file uses @returns the number of the font's object */
export function fontObjects(
  objects: PdfObjects,
  name: FontName,
  letters: ReadonlySet<number>,
): number {
  const font = fontOf(name)
  const thousandths = (units: number) => Math.round((units / font.unitsPerEm) * 1000)
  const glyphs = new Map<number, number>()
  for (const code of letters)
    if (!glyphs.has(font.glyphOf(code))) glyphs.set(font.glyphOf(code), code)
  const used = [...glyphs].sort(([a], [b]) => a - b)
  const file = objects.addStream(`/Length1 ${font.bytes.length}`, font.bytes)
  const isItalic = name === 'italic'
  const descriptor = objects.add(
    `<< /Type /FontDescriptor /FontName /${names[name]} /Flags ${isItalic ? 68 : 4} /FontBBox [${font.box.map(thousandths).join(' ')}] /ItalicAngle ${isItalic ? -11 : 0} /Ascent ${thousandths(font.ascent)} /Descent ${thousandths(font.descent)} /CapHeight 729 /StemV 80 /FontFile2 ${file} 0 R >>`,
  )
  const widths = used.map(([glyph]) => `${glyph} [${thousandths(font.advanceOf(glyph))}]`).join(' ')
  const descendant = objects.add(
    `<< /Type /Font /Subtype /CIDFontType2 /BaseFont /${names[name]} /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor ${descriptor} 0 R /CIDToGIDMap /Identity /DW 600 /W [${widths}] >>`,
  )
  const unicode = objects.addStream('', new TextEncoder().encode(characterMap(used)))
  return objects.add(
    `<< /Type /Font /Subtype /Type0 /BaseFont /${names[name]} /Encoding /Identity-H /DescendantFonts [${descendant} 0 R] /ToUnicode ${unicode} 0 R >>`,
  )
}

/** Most lines that one block of a character map may have. */
const blockLines = 100

function characterMap(used: readonly (readonly [glyph: number, code: number])[]): string {
  const lines = used.map(([glyph, code]) => `<${hex(glyph)}> <${utf16(code)}>`)
  const blocks: string[] = []
  for (let at = 0; at < lines.length; at += blockLines) {
    const block = lines.slice(at, at + blockLines)
    blocks.push(`${block.length} beginbfchar\n${block.join('\n')}\nendbfchar`)
  }
  return `/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <ffff>
endcodespacerange
${blocks.join('\n')}
endcmap
CMapName currentdict /CMap defineresource pop
end
end`
}

const hex = (value: number) => value.toString(16).padStart(4, '0')

function utf16(code: number): string {
  const letter = String.fromCodePoint(code)
  return Array.from({ length: letter.length }, (_, at) => hex(letter.charCodeAt(at))).join('')
}
