/**
 * The files that a task was opened from, found by watching the first worker open it, and the same
 * files under the same paths on another machine. Nothing here knows a kind of task: whatever was
 * read is in the manifest, and nothing else can be had.
 */
import { HisoError, type Files } from '../../base/index.ts'

/** What was asked of a path, and found. */
export type UsedPath =
  | { readonly path: string; readonly kind: 'file' }
  | { readonly path: string; readonly kind: 'folder'; readonly names: readonly string[] }

export type ManifestEntry =
  | {
      readonly path: string
      readonly kind: 'file'
      readonly sha256: string
      readonly size: number
    }
  | Extract<UsedPath, { readonly kind: 'folder' }>

export interface FileManifest {
  /** The separator of the paths. */
  readonly separator: string
  readonly resources: string
  readonly downloads: string
  readonly entries: readonly ManifestEntry[]
}

/** `files` that remember what was asked of them. */
export function watchFiles(files: Files): {
  readonly files: Files
  readonly used: () => readonly UsedPath[]
} {
  const used = new Map<string, UsedPath>()
  const note = (path: string) => {
    if (!used.has(path)) used.set(path, { path, kind: 'file' })
  }
  const watched: Files = {
    ...files,
    read(path) {
      note(path)
      return files.read(path)
    },
    pieces(path) {
      note(path)
      return files.pieces(path)
    },
    size(path) {
      note(path)
      return files.size(path)
    },
    part(path, start, end) {
      note(path)
      return files.part(path, start, end)
    },
    async kind(path) {
      const kind = await files.kind(path)
      if (kind === 'file') note(path)
      else if (kind === 'folder' && !used.has(path)) used.set(path, { path, kind, names: [] })
      return kind
    },
    async list(path) {
      const names = await files.list(path)
      used.set(path, { path, kind: 'folder', names })
      return names
    },
  }
  return { files: watched, used: () => [...used.values()] }
}

/** Adds what identifies each file. Files that were asked for in vain are left out. */
export async function makeManifest(
  used: readonly UsedPath[],
  files: Files,
  fingerprint: (path: string) => Promise<string>,
): Promise<FileManifest> {
  const entries: ManifestEntry[] = []
  for (const it of used) {
    if (it.kind === 'folder') entries.push(it)
    else if ((await files.kind(it.path)) === 'file')
      entries.push({
        ...it,
        sha256: await fingerprint(it.path),
        size: await files.size(it.path),
      })
  }
  const { resources, downloads } = files
  const separator = files.join('a', 'b').slice(1, -1)
  return { separator, resources, downloads, entries }
}

/**
 * The manifest's files, under the paths that they have on the machine where it was made.
 * @param files of this machine
 * @param placeOf where a file lies here
 */
export function mirrorFiles(
  manifest: FileManifest,
  files: Files,
  placeOf: (entry: Extract<ManifestEntry, { readonly kind: 'file' }>) => string,
): Files {
  const { separator, resources, downloads } = manifest
  const byPath = new Map(manifest.entries.map((entry) => [entry.path, entry]))
  const place = (path: string) => {
    const entry = byPath.get(path)
    if (entry?.kind !== 'file') throw absent(path)
    return placeOf(entry)
  }
  const refuse = (path: string) => Promise.reject(absent(path))
  return {
    resources,
    downloads,
    join: (...parts) => joinPath(parts, separator),
    read: async (path) => files.read(place(path)),
    pieces: (path) => files.pieces(place(path)),
    size: async (path) => files.size(place(path)),
    part: async (path, start, end) => files.part(place(path), start, end),
    kind: async (path) => byPath.get(path)?.kind,
    async list(path) {
      const entry = byPath.get(path)
      if (entry?.kind !== 'folder') throw absent(path)
      return entry.names
    },
    gunzip: (bytes) => files.gunzip(bytes),
    gunzipPieces: (pieces) => files.gunzipPieces(pieces),
    own: (path) => ({
      path,
      read: async () => undefined,
      size: async () => undefined,
      part: () => refuse(path),
    }),
    write: refuse,
    writeOwn: refuse,
    stamp: async () => undefined,
    isTaken: async () => false,
    take: refuse,
  }
}

/** As Node's `path.join` for paths that name no parent folder: one separator between parts. */
function joinPath(parts: readonly string[], separator: string): string {
  return parts
    .filter((part) => part !== '')
    .map((part, index) => (index === 0 ? part : part.replace(/^[\\/]+/, '')).replace(/[\\/]+$/, ''))
    .join(separator)
}

function absent(path: string): HisoError {
  return new HisoError('FILE_UNREADABLE', {
    where: path,
    what: 'this file was not read when the run was opened, so this machine has not received it',
    remedy: 'Start the run again',
  })
}
