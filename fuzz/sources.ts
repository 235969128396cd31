/** The files of this repository, wherever the bundle lies. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Sources } from './target.ts'

export const sourcesIn = (root: string): Sources => ({
  read: (path) => new Uint8Array(readFileSync(join(root, path))),
  list: (folder) => readdirSync(join(root, folder)).sort(),
})
