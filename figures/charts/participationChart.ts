/** Who took part, round by round, as a chart model. */
import type { ChartModel } from '../model/chartModel.ts'
import { roundAround, xAxisModel, xExtent, type XAxisName } from '../model/xAxis.ts'
import { paintParticipation, type ParticipationRounds } from './rasters.ts'
import type { RunColumnsView } from './runColumnsView.ts'
import { beforeRead, heldNote } from './heldRounds.ts'

/** Beyond this, clients share rows of pixels. */
const mostSingleRows = 150

export function participationChart(
  view: RunColumnsView,
  x: XAxisName,
  clients: number,
  rounds: ParticipationRounds | undefined,
): ChartModel {
  const xs = view.x(x)
  return {
    title: 'Participation',
    x: { ...xAxisModel(x), extent: xExtent(xs, 'linear') },
    // Client 1 stands at the top.
    y: {
      label: 'client',
      quantity: 'count',
      scale: 'linear',
      extent: { from: clients + 0.5, to: 0.5 },
    },
    layers:
      rounds === undefined || rounds.participants.length === 0
        ? []
        : [
            {
              kind: 'raster',
              id: 'participation',
              name: 'took part',
              color: 'heat-1',
              paint: (request) => {
                const { from, to } = request.window
                const roundAtColumn = (left: number) =>
                  roundAround(view.columns, xs, from + (left / request.width) * (to - from)) - 1
                return paintParticipation(rounds, { from: 0, to: clients }, request, roundAtColumn)
              },
              readAt: (at, client) =>
                readParticipation(
                  rounds,
                  roundAround(view.columns, xs, at) - 1,
                  Math.round(client) - 1,
                ),
              legend:
                clients > mostSingleRows
                  ? { low: 'rarely', high: 'often' }
                  : { low: 'no answer', high: 'took part' },
            },
          ],
    ...heldNote(rounds?.from),
    emptyText: beforeRead('Who takes part', view.length),
    table: () => tableOf(rounds),
  }
}

function readParticipation(
  { from, participants, answering }: ParticipationRounds,
  round: number,
  client: number,
): string | undefined {
  const called = participants[round - from]
  if (called === undefined) return undefined
  const label = `client ${(client + 1).toLocaleString('en-US')}, round ${(round + 1).toLocaleString('en-US')}`
  if (!called.includes(client)) return `${label}: not called`
  return answering[round - from]!.includes(client)
    ? `${label}: took part`
    : `${label}: did not answer`
}

/** Rows of the table: the newest rounds. */
const tableRows = 200

function tableOf(rounds: ParticipationRounds | undefined) {
  const columns = ['round', 'participants', 'did not answer']
  if (rounds === undefined) return { columns, rows: [] }
  const { from, participants, answering } = rounds
  const first = Math.max(0, participants.length - tableRows)
  return {
    columns,
    rows: participants
      .slice(first)
      .map((called, index) => {
        const answered = new Set(answering[first + index])
        const name = (client: number) => String(client + 1)
        return [
          String(from + first + index + 1),
          listOf([...called].map(name)),
          listOf([...called].filter((client) => !answered.has(client)).map(name)),
        ]
      })
      .reverse(),
  }
}

function listOf(names: readonly string[]): string {
  if (names.length === 0) return '–'
  return names.length > 12
    ? `${names.slice(0, 12).join(', ')}… (${names.length})`
    : names.join(', ')
}
