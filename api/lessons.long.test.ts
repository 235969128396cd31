/**
 * Every lesson that comes with the program, with its runs really played: answers lie on their
 * sliders, curves on their axes, and every value that a text speaks of is measured.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import type { RunConfig } from '../core/config/index.ts'
import {
  curveOf,
  evaluate,
  piecesOf,
  readExpression,
  type Lesson,
  type MeasuredRun,
} from '../core/lessons/index.ts'
import { Run } from '../core/engine/index.ts'
import { metricColumns, type Columns, type MetricsRow } from '../core/runs/index.ts'
import { createNodeHost } from '../platform/index.ts'
import { listLessons, readLesson } from './lessons.ts'

/** What is built lies in dist/: there are the workers. */
const host = createNodeHost({
  resources: resolve('resources'),
  workerScript: pathToFileURL(resolve('dist/workerThread.js')),
  version: 'test',
})
const { files } = host
const folder = mkdtempSync(join(tmpdir(), 'hiso-lessons-'))
afterAll(() => rmSync(folder, { recursive: true }))

const lessons = await Promise.all(
  (await listLessons(files)).map(async (path) => ({
    name: basename(path),
    lesson: await readLesson(files, new TextDecoder().decode(await files.read(path)), path),
  })),
)

async function measure(config: RunConfig): Promise<MeasuredRun> {
  const run = await Run.start(host, config, join(folder, config.name))
  const rows: MetricsRow[] = []
  run.listen((event) => {
    if (event.type === 'roundCompleted') rows.push(event.row)
  })
  const record = await run.play()
  expect(record.status).toBe('finished')
  const columns = Object.fromEntries(
    metricColumns.map((column) => [
      column,
      Float64Array.from(rows, (row) => row[column] ?? Number.NaN),
    ]),
  ) as unknown as Columns
  return { columns, dim: record.model.dim }
}

async function play({ configs }: Lesson): Promise<Map<string, MeasuredRun>> {
  const measured = new Map<string, MeasuredRun>()
  for (const [name, config] of configs) measured.set(name, await measure(config))
  return measured
}

it('ships the six lessons and the tour', () => {
  expect(lessons.map(({ name }) => name)).toEqual([
    'bytes.yaml',
    'clients.yaml',
    'hessian.yaml',
    'liars.yaml',
    'noise.yaml',
    'scalars.yaml',
    'tour.yaml',
  ])
})

describe.each(lessons)('$name', ({ lesson }) => {
  it('has runs that give what its pages ask and say', { timeout: 600_000 }, async () => {
    const runs = await play(lesson)
    const valueOf = (text: string) => {
      const read = readExpression(text, [...runs.keys()])
      return typeof read === 'string' ? undefined : evaluate(read, (name) => runs.get(name))
    }
    for (const { title, text, question } of lesson.pages) {
      const spoken = [text, question?.because ?? ''].flatMap(piecesOf)
      for (const piece of spoken.filter(({ isExpression }) => isExpression))
        expect(valueOf(piece.text)?.value, `${title}: ${piece.text}`).toBeTypeOf('number')
      if (question?.kind === 'number') {
        const { answer } = question
        const value = typeof answer === 'number' ? answer : valueOf(answer)!.value
        expect(value, title).toBeGreaterThanOrEqual(question.from)
        expect(value, title).toBeLessThanOrEqual(question.to)
      }
      if (question?.kind === 'curve') {
        const { answer, from, to } = question
        const values = curveOf(answer.curve)
          .read(runs.get(answer.run)!)
          .filter((value) => !Number.isNaN(value))
        const inside = values.filter((value) => value >= from && value <= to)
        expect(inside.length / values.length, `${title}: within its axes`).toBeGreaterThan(0.9)
      }
    }
  })
})
