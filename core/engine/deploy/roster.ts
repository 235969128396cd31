/** Who belongs to a federation, and which client each name is. */
import { z } from 'zod'
import { HisoError, type Files, parseJson } from '../../base/index.ts'
import { readAttendanceFile, rosterFile } from '../../runs/index.ts'

const name = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/)
const rosterSchema = z.object({
  id: z.string().regex(/^[0-9a-f-]{8,64}$/),
  /** Whether only names that are invited may join. */
  isClosed: z.boolean(),
  /** The name of client 0, 1, … */
  names: z.array(name),
})

type RosterData = z.infer<typeof rosterSchema>

/** Names that a message lists. */
const mostNamed = 8

/** A name is a word of the broker's subjects. @throws HisoError CONFIG_INVALID */
export function checkClientName(text: string): string {
  if (name.safeParse(text).success) return text
  throw new HisoError('CONFIG_INVALID', {
    where: 'client name',
    what: `${JSON.stringify(text)} is no name for a client`,
    remedy: 'Use up to 64 letters, digits, - and _',
  })
}

export class Roster {
  readonly #clients: number
  readonly #save: (bytes: Uint8Array) => Promise<void>
  /** The client of each name. */
  readonly #indices: Map<string, number>
  #data: RosterData
  #saving: Promise<void> | undefined
  #isChanged = false

  private constructor(
    data: RosterData,
    clients: number,
    save: (bytes: Uint8Array) => Promise<void>,
  ) {
    this.#data = data
    this.#indices = new Map(data.names.map((known, index) => [known, index]))
    this.#clients = clients
    this.#save = save
  }

  /**
   * Reads a federation's roster, or makes a new one. @param newId for a new one
   * @throws HisoError RUN_CORRUPT
   */
  static async open(files: Files, folder: string, clients: number, newId: string): Promise<Roster> {
    const path = files.join(folder, rosterFile)
    const save = (bytes: Uint8Array) => files.writeOwn(folder, rosterFile, bytes)
    const empty = { id: newId, isClosed: false, names: [] }
    if ((await files.kind(path)) !== 'file') {
      const attended = await readAttendanceFile(files.own(folder))
      if (attended !== undefined && attended.rounds > 0) throw lost(path, 'is gone', newId)
      return new Roster(empty, clients, save)
    }
    const text = new TextDecoder().decode(await files.read(path))
    const { data } = rosterSchema.safeParse(parsed(text))
    if (data === undefined) throw lost(path, 'is damaged', newId)
    return new Roster(data, clients, save)
  }

  get id(): string {
    return this.#data.id
  }

  get names(): readonly string[] {
    return this.#data.names
  }

  /** The client of a name; an open federation with room gives a new name the next one. */
  indexOf(text: string): number | undefined {
    const known = this.#indices.get(text)
    if (known !== undefined) return known
    const { isClosed, names } = this.#data
    if (isClosed || names.length >= this.#clients || !name.safeParse(text).success) return undefined
    void this.save()
    return this.#add(text)
  }

  /** Why a name is no client. */
  whyNot(text: string): string {
    const { isClosed, names } = this.#data
    if (!name.safeParse(text).success)
      return `${JSON.stringify(text)} is no name for a client: use up to 64 letters, digits, - and _`
    const isFull = names.length >= this.#clients
    const others = names.length > mostNamed ? `, and ${names.length - mostNamed} others` : ''
    const taken = `${names.slice(0, mostNamed).join(', ')}${others}`
    if (isFull && isClosed)
      return `${text} is not invited, and no place is left (${taken} are): another federation needs more clients`
    if (isFull)
      return names.length === 1
        ? `the one place is taken (${taken}): more need a federation of more clients`
        : `all ${names.length} places are taken (${taken}): more need a federation of more clients`
    return `${text} is not invited: ask for hiso serve --invite ${text}`
  }

  /** From now on only names that are invited may join. @throws HisoError CONFIG_INVALID */
  async invite(text: string): Promise<number> {
    this.checkRoomFor([text])
    this.#data = { ...this.#data, isClosed: true }
    const index = this.#indices.get(text) ?? this.#add(text)
    await this.save()
    return index
  }

  /** @throws HisoError CONFIG_INVALID for what is no name, and for more names than clients */
  checkRoomFor(invited: readonly string[]): void {
    for (const text of invited) checkClientName(text)
    const { names } = this.#data
    const all = new Set([...names, ...invited])
    if (all.size <= this.#clients) return
    const taken = names.length === 0 ? '' : ` (${names.join(', ')} have joined)`
    throw new HisoError('CONFIG_INVALID', {
      where: 'federation.clients',
      what: `the federation has ${this.#clients} clients, and these are ${all.size} names${taken}`,
      remedy: 'Invite fewer, or begin another one with more clients',
    })
  }

  /** Writes it; changes of the meantime are written behind. */
  save(): Promise<void> {
    this.#isChanged = true
    this.#saving ??= this.#saveChanges().finally(() => (this.#saving = undefined))
    return this.#saving
  }

  async #saveChanges(): Promise<void> {
    // Names that come in one moment are written together.
    await Promise.resolve()
    while (this.#isChanged) {
      this.#isChanged = false
      await this.#save(new TextEncoder().encode(`${JSON.stringify(this.#data, null, 2)}\n`))
    }
  }

  #add(text: string): number {
    const index = this.#data.names.length
    this.#data = { ...this.#data, names: [...this.#data.names, text] }
    this.#indices.set(text, index)
    return index
  }
}

/** Which data are whose is in no other file, and nobody may guess it. */
function lost(path: string, how: string, id: string): HisoError {
  const example = JSON.stringify({ id, isClosed: false, names: ['NAME1', 'NAME2'] })
  return new HisoError('RUN_CORRUPT', {
    where: path,
    what: `the list of clients ${how}, which says which client each name is`,
    remedy: `Restore it from a copy, or write it anew with all names, in the order of the clients: ${example}`,
  })
}

/** The name of client 0, 1, …; none where the folder has no roster that can be read. */
export async function readRosterNames(files: Files, folder: string): Promise<readonly string[]> {
  const bytes = await files.own(folder).read(rosterFile)
  if (bytes === undefined) return []
  return rosterSchema.safeParse(parsed(new TextDecoder().decode(bytes))).data?.names ?? []
}

function parsed(text: string): unknown {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}
