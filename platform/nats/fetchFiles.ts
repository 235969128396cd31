/**
 * The files of a run that is played elsewhere: this machine's own where they have the same bytes,
 * then its cache, then fetched from the run in parts. Every file is found by its SHA-256 and
 * checked
 * against it; no path of another machine is opened here.
 */
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { HisoError, joinBytes, type Files } from '../../core/base/index.ts'
import type { FileManifest, FilePart, ManifestEntry } from '../../core/engine/index.ts'
import { createDigest } from '../nodeHub.ts'
import { makeFolder } from '../makeFolder.ts'

type FileEntry = Extract<ManifestEntry, { readonly kind: 'file' }>

const partBytes = 2 ** 19

/** The folder of fetched files; each is called by its SHA-256. */
export function objectCacheOf(env: Readonly<Record<string, string | undefined>>): string {
  const cache = env['XDG_CACHE_HOME'] || join(homedir(), '.cache')
  return resolve(env['HISO_CACHE'] || join(cache, 'hiso-studio', 'objects'))
}

/** Where each file of a manifest lies on this machine, by SHA-256. */
export type FilePlaces = Readonly<Record<string, string>>

/**
 * @param files of this machine
 * @throws HisoError WIRE_CORRUPT when what arrives has other bytes than were promised
 */
export async function fetchFiles(
  manifest: FileManifest,
  files: Files,
  cache: string,
  part: FilePart,
): Promise<FilePlaces> {
  const places: Record<string, string> = {}
  makeFolder(cache)
  for (const entry of manifest.entries) {
    if (entry.kind !== 'file' || places[entry.sha256] !== undefined) continue
    places[entry.sha256] =
      (await ownPlace(entry, manifest, files)) ?? (await cachedPlace(entry, files, cache, part))
  }
  return places
}

/** A file that every installation has, such as a bundled dataset. */
async function ownPlace(
  entry: FileEntry,
  { resources, separator }: FileManifest,
  files: Files,
): Promise<string | undefined> {
  const base = `${resources}${separator}`
  if (!entry.path.startsWith(base)) return undefined
  const names = entry.path.slice(base.length).split(separator)
  if (names.some((name) => name === '..' || /[\\/:]/.test(name))) return undefined
  const path = files.join(files.resources, ...names)
  return (await isFile(path, entry, files)) ? path : undefined
}

async function cachedPlace(
  entry: FileEntry,
  files: Files,
  cache: string,
  part: FilePart,
): Promise<string> {
  const { sha256, size } = entry
  // It becomes a file's name.
  if (!/^[0-9a-f]{64}$/.test(sha256))
    throw new HisoError('WIRE_CORRUPT', {
      what: 'the run names a file by something that is no SHA-256',
    })
  const path = files.join(cache, sha256)
  if (await isFile(path, entry, files)) return path
  const parts: Uint8Array[] = []
  for (let from = 0; from < size; from += partBytes)
    parts.push(await part(sha256, from, Math.min(size, from + partBytes)))
  const bytes = joinBytes(parts)
  if (createDigest('sha256').update(bytes).hex() !== sha256)
    throw new HisoError('WIRE_CORRUPT', {
      where: entry.path,
      what: 'the file that arrived has other bytes than the run began with: it has changed since',
      remedy: 'Start the run again',
    })
  await files.write(path, bytes)
  return path
}

async function isFile(path: string, { sha256, size }: FileEntry, files: Files): Promise<boolean> {
  if ((await files.kind(path)) !== 'file' || (await files.size(path)) !== size) return false
  const digest = createDigest('sha256')
  for await (const piece of files.pieces(path)) digest.update(piece)
  return digest.hex() === sha256
}
