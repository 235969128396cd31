/** The objects that a PDF file consists of, and the file around them. */
import { zlibSync } from 'fflate'
import { joinBytes } from '../../core/base/index.ts'

const encoder = new TextEncoder()

/** Numbered objects, of which a PDF file consists. */
export class PdfObjects {
  readonly #objects: Uint8Array[] = []

  get size(): number {
    return this.#objects.length
  }

  /** @returns its number */
  add(...parts: readonly (string | Uint8Array)[]): number {
    const bytes = parts.map((part) => (typeof part === 'string' ? encoder.encode(part) : part))
    return this.#objects.push(joinBytes(bytes))
  }

  /** @param entries of its dictionary */
  addStream(entries: string, content: Uint8Array): number {
    const packed = zlibSync(content, { level: 9 })
    return this.add(
      `<< ${entries} /Filter /FlateDecode /Length ${packed.length} >>\nstream\n`,
      packed,
      '\nendstream',
    )
  }

  /** The file. */
  bytes(catalog: number, info: number): Uint8Array<ArrayBuffer> {
    const parts: Uint8Array[] = [
      encoder.encode('%PDF-1.4\n'),
      Uint8Array.of(37, 226, 227, 207, 211, 10),
    ]
    let at = parts.reduce((sum, part) => sum + part.length, 0)
    const places: number[] = []
    const push = (part: Uint8Array) => {
      parts.push(part)
      at += part.length
    }
    for (const [index, object] of this.#objects.entries()) {
      places.push(at)
      push(
        joinBytes([encoder.encode(`${index + 1} 0 obj\n`), object, encoder.encode('\nendobj\n')]),
      )
    }
    const table = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('')
    const size = places.length + 1
    const trailer = `trailer\n<< /Size ${size} /Root ${catalog} 0 R /Info ${info} 0 R >>\nstartxref\n${at}\n%%EOF\n`
    push(encoder.encode(`xref\n0 ${size}\n0000000000 65535 f \n${table}${trailer}`))
    return joinBytes(parts)
  }
}
