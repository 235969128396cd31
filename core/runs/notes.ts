/** What people say of a run, kept beside it in notes.json, which may have come from anywhere. */
import { z } from 'zod'
import { HisoError, type Files, messageOf, parseJson } from '../base/index.ts'

export const notesFile = 'notes.json'

/** More than people write, and little enough to be listed by the thousand. */
const LARGEST_FILE = 2 ** 20

const notesSchema = z.object({
  /** Shown instead of the config's name. */
  title: z.string().max(1000).optional(),
  tags: z.array(z.string().max(200)).max(200).default([]),
  text: z.string().max(200_000).default(''),
})

/** What people say of a run. */
export interface RunNotes {
  /** Shown instead of the config's name. */
  readonly title?: string
  readonly tags: readonly string[]
  readonly text: string
}

export interface NotesReading {
  readonly notes: RunNotes
  /** Why they were left out, if they were. */
  readonly problem?: string
}

const noNotes: RunNotes = { tags: [], text: '' }

/** Notes of another form are left out: the run is there all the same. */
export async function readNotes(files: Files, folder: string): Promise<NotesReading> {
  const own = files.own(folder)
  const leftOut = (why: string) => ({
    notes: noNotes,
    problem: `its notes are left out: ${notesFile} ${why}`,
  })
  try {
    const size = await own.size(notesFile)
    if (size !== undefined && size > LARGEST_FILE) return leftOut('is too large')
    const bytes = size === undefined ? undefined : await own.read(notesFile)
    if (bytes === undefined) return { notes: noNotes }
    const parsed = notesSchema.safeParse(parseJson(new TextDecoder().decode(bytes)))
    return parsed.success ? { notes: exact(parsed.data) } : leftOut(wrongIn(parsed.error))
  } catch (error) {
    return leftOut(
      error instanceof HisoError ? "can't be read" : `is not valid JSON: ${messageOf(error)}`,
    )
  }
}

/** @throws HisoError CONFIG_INVALID for what could not be read again, FILE_UNWRITABLE */
export async function writeNotes(files: Files, folder: string, notes: RunNotes): Promise<void> {
  const parsed = notesSchema.safeParse(notes)
  if (!parsed.success)
    throw new HisoError('CONFIG_INVALID', { where: notesFile, what: wrongIn(parsed.error) })
  const bytes = new TextEncoder().encode(`${JSON.stringify(parsed.data, null, 2)}\n`)
  await files.writeOwn(folder, notesFile, bytes)
}

function exact({ title, ...notes }: z.infer<typeof notesSchema>): RunNotes {
  return title === undefined ? notes : { title, ...notes }
}

function wrongIn({ issues }: z.ZodError): string {
  const [issue] = issues
  return `is of another form (${issue!.path.join('.') || 'the whole file'}: ${issue!.message})`
}
