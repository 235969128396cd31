/**
 * What the engine tells, and what the page hears behind the port: the real batch on one side, the
 * real client on the other.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { EngineEvent } from '../../core/engine/index.ts'
import { metricColumns, type MetricsRow } from '../../core/runs/index.ts'
import { EventBatch } from '../../electron/engineProcess/eventBatch.ts'
import type { EnginePortMessage } from '../../electron/ipc/enginePort.ts'
import { EngineClient, type ClientPort } from './engineClient.ts'

const value = fc.option(fc.double({ noNaN: true }), { nil: undefined })
const row = fc.record(
  Object.fromEntries(metricColumns.map((column) => [column, value])),
) as unknown as fc.Arbitrary<MetricsRow>
const event: fc.Arbitrary<EngineEvent> = fc.record({
  folder: fc.constantFrom('a', 'b'),
  event: fc.oneof(
    row.map((of) => ({ type: 'roundCompleted', row: of }) as const),
    fc.string().map((text) => ({ type: 'noticed', text }) as const),
  ),
})

test('is the same, in the same order, however it was batched', () => {
  fc.assert(
    fc.property(fc.array(fc.array(event)), (batches) => {
      const port: ClientPort = { onmessage: null, postMessage() {}, close() {} }
      const client = new EngineClient()
      client.attach(port)
      const heard: EngineEvent[] = []
      client.listen((events) => heard.push(...events))
      const batch = new EventBatch()
      batch.listen((events) => {
        const message: EnginePortMessage = structuredClone({ events })
        port.onmessage!({ data: message })
      })
      for (const told of batches) {
        for (const each of told) batch.add(each)
        batch.flush()
      }
      expect(heard).toEqual(batches.flat())
    }),
  )
})
