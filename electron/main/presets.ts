/**
 * The presets that come with the app, as text: the renderer reads them with the schema, like any
 * other config.
 */
import { readdir, readFile } from 'node:fs/promises'
import { join, parse } from 'node:path'
import type { PresetFile } from '../ipc/contract.ts'
import { places } from './places.ts'

export async function readPresets(): Promise<PresetFile[]> {
  const folder = places.presets()
  const names = (await readdir(folder)).filter((name) => /\.ya?ml$/.test(name)).sort()
  return Promise.all(
    names.map(async (name) => ({
      name: parse(name).name,
      text: await readFile(join(folder, name), 'utf8'),
    })),
  )
}
