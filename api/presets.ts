/**
 * The configs that come with the program: resources/presets/*.yaml, each with a comment on top that
 * says what it shows.
 */
import type { Files } from '../core/base/index.ts'

export interface Preset {
  readonly name: string
  readonly path: string
  /** The first paragraph of the comment on top. */
  readonly text: string
}

/** By name. */
export async function listPresets(files: Files): Promise<readonly Preset[]> {
  const folder = files.join(files.resources, 'presets')
  if ((await files.kind(folder)) !== 'folder') return []
  const names = (await files.list(folder)).filter((name) => name.endsWith('.yaml'))
  return Promise.all(
    names.map(async (file) => {
      const path = files.join(folder, file)
      const text = new TextDecoder().decode(await files.read(path))
      return { name: file.replace(/\.yaml$/, ''), path, text: leadingComment(text) }
    }),
  )
}

/** The first paragraph of a YAML file's leading comment, as one line. */
export function leadingComment(yaml: string): string {
  const lines = yaml.split('\n')
  const end = lines.findIndex((line) => !/^# ./.test(line))
  return lines
    .slice(0, end < 0 ? lines.length : end)
    .map((line) => line.slice(2).trim())
    .join(' ')
}
