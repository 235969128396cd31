/** The runs that came along in a lesson's file, unpacked into a library. */
import { fromBase64url, HisoError, type Host } from '../../base/index.ts'
import { longestLesson, readConfigText } from '../../config/index.ts'
import { unpackRun } from '../../runs/index.ts'

/**
 * @returns folders by the names that the lesson calls its runs
 * @throws HisoError RUN_CORRUPT, RUN_CHANGED, RUN_NEWER; nothing is written of the run that is bad
 */
export async function unpackLessonRuns(
  host: Host,
  path: string,
  library: string,
): Promise<Record<string, string>> {
  const text = new TextDecoder().decode(await host.files.read(path))
  const page = readConfigText(text, path, longestLesson)
  const { played = {} } = (page ?? {}) as { readonly played?: Readonly<Record<string, unknown>> }
  const folders: Record<string, string> = {}
  for (const [name, content] of Object.entries(played)) {
    const where = `${path}, the run ${name}`
    const bytes = typeof content === 'string' ? fromBase64url(content) : undefined
    if (bytes === undefined)
      throw new HisoError('RUN_CORRUPT', {
        where,
        what: 'its letters are not those of a run that came along',
        remedy: 'Ask for the lesson again where it came from',
      })
    folders[name] = await unpackRun(host, bytes, library, where)
  }
  return folders
}
