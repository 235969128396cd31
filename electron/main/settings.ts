/**
 * What the app remembers between starts, in one JSON file that is replaced in one step: a crash
 * leaves the old one or the new.
 */
import { randomBytes } from 'node:crypto'
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import * as z from 'zod/mini'
import { parseOnceKeyed } from './onceKeyed.ts'
import { readOwnSync } from './ownFile.ts'
import { makeFolder } from './settingsFolder.ts'

const bounds = z.object({ x: z.int(), y: z.int(), width: z.int(), height: z.int() })

const settingsSchema = z.object({
  window: z._default(
    z.object({
      bounds: z.optional(bounds),
      isMaximized: z._default(z.boolean(), false),
      zoomLevel: z._default(z.number().check(z.minimum(-5), z.maximum(5)), 0),
    }),
    { isMaximized: false, zoomLevel: 0 },
  ),
  theme: z._default(z.enum(['system', 'light', 'dark']), 'system'),
  /** The last folder of each kind of dialog. */
  folders: z._default(z.record(z.string(), z.string()), {}),
  /** Folders that were chosen to keep runs in, the newest first. */
  libraries: z._default(z.array(z.string()), []),
  recent: z._default(
    z.array(z.object({ kind: z.enum(['config', 'runFolder', 'runFile']), path: z.string() })),
    [],
  ),
})

export type SettingsData = z.output<typeof settingsSchema>

/** Changes are written together, this long after the first: moving a window makes hundreds. */
const writeDelayMs = 300

export class Settings {
  readonly #path: string
  #data: SettingsData
  #timer: NodeJS.Timeout | undefined

  constructor(path: string) {
    this.#path = path
    this.#data = read(path)
  }

  get data(): SettingsData {
    return this.#data
  }

  change(part: Partial<SettingsData>): void {
    this.#data = { ...this.#data, ...part }
    this.#timer ??= setTimeout(() => this.flush(), writeDelayMs)
  }

  /**
   * Writes what is not yet written. A disk that can't be written to is no reason to disturb anyone:
   * the app works without.
   */
  flush(): void {
    if (this.#timer === undefined) return
    clearTimeout(this.#timer)
    this.#timer = undefined
    const draft = `${this.#path}.${randomBytes(8).toString('hex')}.new`
    try {
      makeFolder(dirname(this.#path))
      // Fails where anything is there already, a link too.
      writeFileSync(draft, JSON.stringify(this.#data, null, 2), { flag: 'wx' })
      renameSync(draft, this.#path)
    } catch (error) {
      rmSync(draft, { force: true })
      console.warn(`settings were not saved: ${String(error)}`)
    }
  }
}

/** What is unreadable or from another version counts as not there. */
function read(path: string): SettingsData {
  let stored: unknown
  try {
    stored = parseOnceKeyed(readOwnSync(path))
  } catch {
    stored = {}
  }
  return settingsSchema.parse(usableParts(settingsSchema, stored))
}

/** What of an object fits its schema, field by field: one bad field costs no other. */
function usableParts(schema: z.ZodMiniType, value: unknown): Record<string, unknown> {
  const { shape } = insideOf(schema) as z.ZodMiniObject
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {}
  const fields = value as Record<string, unknown>
  return Object.fromEntries(
    Object.entries(shape).flatMap(([key, field]): [string, unknown][] => {
      if (!Object.hasOwn(fields, key)) return []
      const inner = fields[key]
      if ((field as z.ZodMiniType).safeParse(inner).success) return [[key, inner]]
      const isGroup = insideOf(field as z.ZodMiniType) instanceof z.ZodMiniObject
      const parts = isGroup
        ? usableParts(field as z.ZodMiniType, inner)
        : usableEntries(field as z.ZodMiniType, inner)
      return (field as z.ZodMiniType).safeParse(parts).success ? [[key, parts]] : []
    }),
  )
}

/** The entries of a list or a record that fit by themselves. */
function usableEntries(field: z.ZodMiniType, value: unknown): unknown {
  const fits = (part: unknown) => field.safeParse(part).success
  if (Array.isArray(value)) return value.filter((each) => fits([each]))
  if (typeof value !== 'object' || value === null) return undefined
  return Object.fromEntries(
    Object.entries(value as Record<string, unknown>).filter(([key, each]) => fits({ [key]: each })),
  )
}

function insideOf(schema: z.ZodMiniType): z.ZodMiniType {
  const isWrapped = schema instanceof z.ZodMiniDefault || schema instanceof z.ZodMiniOptional
  return isWrapped ? insideOf(schema.def.innerType as z.ZodMiniType) : schema
}
