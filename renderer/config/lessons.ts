/** The lessons, bundled with the app: the files of resources/lessons. */
import { longestLesson, readConfigText } from '../../core/config/index.ts'
import { parseLesson, type Lesson } from '../../core/lessons/index.ts'
import { presetTexts } from './presets.ts'

const files = import.meta.glob<string>('../../resources/lessons/*.yaml', {
  eager: true,
  query: '?raw',
  import: 'default',
})

/** A lesson before it is opened. */
export interface LessonFile {
  /** The file's name without its extension. */
  readonly name: string
  readonly text: string
  readonly title: string
  readonly summary: string
  readonly minutes: number
}

/** In the order in which one would take them. */
const order = ['tour', 'scalars', 'bytes', 'noise', 'hessian', 'clients', 'liars']

export const bundledLessons: readonly LessonFile[] = Object.entries(files)
  .map(([path, text]) => describeLesson(path.replace(/^.*\/|\.yaml$/g, ''), text))
  .sort((a, b) => rankOf(a) - rankOf(b) || a.name.localeCompare(b.name, 'en'))

function rankOf({ name }: LessonFile): number {
  const rank = order.indexOf(name)
  return rank < 0 ? order.length : rank
}

/** What a list shows of a lesson; of one that is none, its name. */
export function describeLesson(name: string, text: string): LessonFile {
  const head = headOf(text)
  return {
    name,
    text,
    title: typeof head['title'] === 'string' ? head['title'] : name,
    summary: typeof head['summary'] === 'string' ? head['summary'] : '',
    minutes: typeof head['minutes'] === 'number' ? head['minutes'] : 0,
  }
}

function headOf(text: string): Readonly<Record<string, unknown>> {
  try {
    return (readConfigText(text, 'lesson', longestLesson) ?? {}) as Record<string, unknown>
  } catch {
    return {}
  }
}

/** @throws HisoError as `parseLesson` */
export function openLessonText(text: string, where: string): Lesson {
  return parseLesson(text, where, (name) => presetTexts.get(name))
}
