import { describe, expect, it } from 'vitest'
import type { InspectedMessage } from '../../../core/engine/index.ts'
import { encode, frameFields } from '../../../core/wire/index.ts'
import {
  catchUpText,
  fedAvgBytes,
  fieldKind,
  hexLines,
  messageName,
  messagePurpose,
  totalsOf,
} from './wireMessages.ts'

function inspected(client: number): InspectedMessage {
  const message = {
    type: 'reply' as const,
    round: 4,
    client,
    scalarsPerStep: 3,
    scalars: Float32Array.of(0.5, -1, 2),
  }
  const bytes = encode(message)
  return {
    direction: 'up',
    client,
    message,
    bytes,
    fields: frameFields(bytes),
    isForged: false,
    omittedFrames: 0,
  }
}

describe('hexLines', () => {
  it('gives every byte of a real frame its field', () => {
    const { bytes, fields } = inspected(7)
    const shown = hexLines(bytes, fields, Infinity).flatMap((line) => line.bytes)
    expect(shown.map(({ hex }) => hex).join('')).toBe(Buffer.from(bytes).toString('hex'))
    for (const [index, field] of fields.entries())
      expect(shown.filter((byte) => byte.field === index)).toHaveLength(field.length)
  })

  it('stops at its limit', () => {
    expect(hexLines(new Uint8Array(100), [], 20).flatMap(({ bytes }) => bytes)).toHaveLength(20)
  })
})

describe('fieldKind', () => {
  it('knows every field that the codec names', () => {
    const kinds = inspected(0).fields.map((field) => fieldKind(field))
    expect(kinds).toEqual([
      'frame',
      'frame',
      'round',
      'client',
      'count',
      'count',
      'scalar',
      'scalar',
      'scalar',
      'frame',
    ])
  })
})

describe('a reply of an attacker', () => {
  it('is told from others in the name and the sentence', () => {
    const honest = inspected(1)
    const forged = { ...honest, isForged: true }
    expect(messageName(honest)).toBe('scalars')
    expect(messageName(forged)).toBe('attack')
    expect(messagePurpose(forged)).toMatch(/^Client 2 attacks/)
  })
})

describe('totals', () => {
  it('count bytes by direction and clients once', () => {
    const up = inspected(1)
    const totals = totalsOf([up, { ...up, direction: 'down' }, inspected(2)])
    expect(totals.participants).toBe(2)
    expect(totals.uplinkBytes).toBe(2 * up.bytes.length)
    expect(totals.downlinkBytes).toBe(up.bytes.length)
    expect(fedAvgBytes(2, 1000)).toBe(16_000)
  })

  it('says from when on a snapshot has fewer bytes, and what the run sends', () => {
    const cost = { catchUp: 'cheapest', entryBytes: 20, snapshotBytes: 100 } as const
    expect(catchUpText(cost)).toBe(
      'Catch-up: 20 B a missed round. A snapshot of the state, 100 B, has fewer bytes from 6 missed rounds on. This run sends each client what has fewer bytes.',
    )
    expect(catchUpText({ ...cost, snapshotBytes: undefined })).toBe(
      'Catch-up: 20 B a missed round.',
    )
  })
})
