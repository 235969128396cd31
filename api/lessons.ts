/** The lessons that come with the program: resources/lessons/*.yaml. */
import type { Files } from '../core/base/index.ts'
import { parseLesson, type Lesson } from '../core/lessons/index.ts'
import { listPresets } from './presets.ts'

/**
 * A lesson from its text, with the presets that come with the program.
 * @throws HisoError CONFIG_UNREADABLE, CONFIG_INVALID
 */
export async function readLesson(files: Files, text: string, where: string): Promise<Lesson> {
  const presets = new Map<string, string>()
  for (const { name, path } of await listPresets(files))
    presets.set(name, new TextDecoder().decode(await files.read(path)))
  return parseLesson(text, where, (name) => presets.get(name))
}

/** Paths of the lessons that come with the program. */
export async function listLessons(files: Files): Promise<readonly string[]> {
  const folder = files.join(files.resources, 'lessons')
  if ((await files.kind(folder)) !== 'folder') return []
  const names = (await files.list(folder)).filter((name) => name.endsWith('.yaml')).sort()
  return names.map((name) => files.join(folder, name))
}
