/** A lesson that needs nothing else: each of its runs with its whole config. */
import { stringify } from 'yaml'
import type { Lesson } from './lesson.ts'

/** @returns the lesson as YAML, for one file that students open */
export function formatLesson({ configs, ...lesson }: Lesson): string {
  const runs = Object.fromEntries([...configs].map(([name, config]) => [name, { config }]))
  return stringify({ ...lesson, runs })
}
