/** A lesson that needs nothing else: each run with its whole config, or as it was played. */
import { stringify } from 'yaml'
import { toBase64url } from '../base/index.ts'
import { longestLesson } from '../config/index.ts'
import type { Lesson } from './lesson.ts'

/**
 * @param played the .hiso files of runs that come along, by name
 * @returns the lesson as YAML, for one file that students open
 */
export function formatLesson(
  { configs, played: _before, ...lesson }: Lesson,
  played: ReadonlyMap<string, Uint8Array> = new Map(),
): string {
  const runs = Object.fromEntries(
    [...configs].map(([name, config]) => {
      const title = lesson.runs[name]?.title
      return [name, { ...(title !== undefined && { title }), config }]
    }),
  )
  const text = stringify({ ...lesson, runs })
  if (played.size === 0) return text
  const lines = [...played].map(([name, bytes]) => `  ${name}: "${toBase64url(bytes)}"\n`)
  const whole = `${text}played:\n${lines.join('')}`
  if (whole.length > longestLesson)
    throw new Error(
      'Its runs are too large for one file. Save it without them: it plays them anew.',
    )
  return whole
}

/** The text of a lesson without the runs that came along: what is worth keeping at hand. */
export function withoutPlayed(text: string): string {
  return text.replace(/^played:[^\n]*\n(?:[ \t]+[^\n]*(?:\n|$))*/m, '')
}
