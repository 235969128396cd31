/**
 * `hiso lesson`: checks a lesson before it is given to a class, and lists those that come along.
 */
import { parse, resolve } from 'node:path'
import { HisoError } from '../../core/base/index.ts'
import { listLessons, readLesson } from '../../api/lessons.ts'
import { shortPath, type CommandContext } from '../context.ts'
import { exitCodes } from '../exitCodes.ts'
import { formatPairs } from '../table.ts'
import { formatPlural } from '../units.ts'

export async function checkLessonFile(
  { host, terminal, cwd }: CommandContext,
  file: string,
  { json = false }: { readonly json?: boolean },
): Promise<number> {
  const path = resolve(cwd, file)
  const where = shortPath(path, cwd)
  if ((await host.files.kind(path)) !== 'file')
    throw new HisoError('FILE_UNREADABLE', {
      where,
      what: 'there is no such file',
      remedy: 'Give the path of a lesson, such as my-lesson.yaml',
    })
  const text = new TextDecoder().decode(await host.files.read(path))
  const { title, pages, minutes, configs } = await readLesson(host.files, text, where)
  if (json) {
    const runs = Object.fromEntries(configs)
    terminal.print(JSON.stringify({ title, minutes, pages: pages.length, runs }))
    return exitCodes.ok
  }
  const questions = pages.filter(({ question }) => question !== undefined).length
  terminal.print(
    `  ${where} is a lesson: ${formatPlural(pages.length, 'page')}, ${formatPlural(questions, 'question')}, ${formatPlural(configs.size, 'run')}, ${formatPlural(minutes, 'minute')}.`,
  )
  return exitCodes.ok
}

export async function lessons(
  { host, terminal }: CommandContext,
  { json = false }: { readonly json?: boolean },
): Promise<number> {
  const found = await Promise.all(
    (await listLessons(host.files)).map(async (path) => {
      const text = new TextDecoder().decode(await host.files.read(path))
      const { title, summary, minutes } = await readLesson(host.files, text, path)
      return { name: parse(path).name, title, summary, minutes }
    }),
  )
  if (json) {
    terminal.print(JSON.stringify(found))
    return exitCodes.ok
  }
  terminal.print(
    formatPairs(
      terminal,
      found.map(({ name, summary }) => [name, summary]),
    ),
  )
  return exitCodes.ok
}
