/**
 * One piece of work after the other for whoever is free, until all are done. What a worker takes
 * away with it when it goes is given to others, and the last pieces of a slow one are given twice:
 * every worker computes the same bits, so the first answer counts.
 */

/** Who works, as a sharing sees it. */
export interface Taker {
  /**
   * Pieces it still works on although another was faster. Meanwhile it gets no more; infinite once
   * it is lost.
   */
  late: number
}

/** How long a sharing waits for a slow worker, in milliseconds of any clock. */
export interface Patience {
  now(): number
  wait(ms: number): Promise<void>
}

/** What `ask` throws when the taker has gone for good: its pieces are given to others. */
export class TakerLost extends Error {}

interface SharingOptions<Place extends Taker, Work, Answer> {
  readonly work: Iterable<Work>
  readonly ask: (place: Place, work: Work) => Promise<Answer>
  /** Gets the first answer to each piece. */
  readonly accept: (work: Work, answer: Answer) => void
  /** Pieces that a taker holds at a time. */
  readonly atOnce: number
  /** Left out where no piece is given twice. */
  readonly patience?: Patience | undefined
  /** Called when a taker that was late has caught up. */
  readonly onFree: (place: Place) => void
}

/** No piece is called slow before this: a moment's pause is none. */
const leastPatienceMs = 25
/** A piece is slow when it takes this many times the longest of those that were answered. */
const patienceFactor = 4

interface Piece<Place, Work> {
  readonly work: Work
  /** When it was first given. */
  readonly since: number
  readonly holders: Set<Place>
  /** Holders that were still at it when another answered. */
  readonly overtaken: Set<Place>
  isDone: boolean
}

export class Sharing<Place extends Taker, Work, Answer> {
  readonly done: Promise<void>
  readonly #options: SharingOptions<Place, Work, Answer>
  readonly #work: Iterator<Work>
  readonly #open = new Set<Piece<Place, Work>>()
  /** Pieces to give again. */
  readonly #again = new Set<Piece<Place, Work>>()
  readonly #held = new Map<Place, number>()
  readonly #places: () => Iterable<Place>
  #isExhausted = false
  #isOver = false
  #longestMs = 0
  #finish: () => void = () => {}
  #fail: (error: unknown) => void = () => {}

  /** @param places all takers that there are at the moment */
  constructor(places: () => Iterable<Place>, options: SharingOptions<Place, Work, Answer>) {
    this.#places = places
    this.#options = options
    this.#work = options.work[Symbol.iterator]()
    this.done = new Promise((resolve, reject) => {
      this.#finish = resolve
      this.#fail = reject
    })
  }

  /** Gives every taker its first pieces, one each in turn. */
  start(): void {
    for (let turn = 0; turn < this.#options.atOnce; turn++)
      for (const place of this.#places()) this.#offerOne(place)
    this.#endIfDone()
  }

  /** Gives as many pieces as the taker may hold: it has come, or is free again. */
  offer(place: Place): void {
    while (this.#offerOne(place));
  }

  #offerOne(place: Place): boolean {
    const held = this.#held.get(place) ?? 0
    if (this.#isOver || place.late > 0 || held >= this.#options.atOnce) return false
    const piece = this.#next(place)
    if (piece === undefined) return false
    this.#held.set(place, held + 1)
    piece.holders.add(place)
    void this.#give(place, piece)
    return true
  }

  #next(place: Place): Piece<Place, Work> | undefined {
    for (const piece of this.#again) {
      if (piece.holders.has(place)) continue
      this.#again.delete(piece)
      return piece
    }
    if (this.#isExhausted) return undefined
    const next = this.#work.next()
    if (next.done === true) {
      this.#isExhausted = true
      if (this.#options.patience !== undefined) void this.#watchSlow(this.#options.patience)
      return undefined
    }
    const piece: Piece<Place, Work> = {
      work: next.value,
      since: this.#options.patience?.now() ?? 0,
      holders: new Set(),
      overtaken: new Set(),
      isDone: false,
    }
    this.#open.add(piece)
    return piece
  }

  async #give(place: Place, piece: Piece<Place, Work>): Promise<void> {
    const { ask, accept } = this.#options
    try {
      const answer = await ask(place, piece.work)
      piece.holders.delete(place)
      if (!piece.isDone && !this.#isOver) {
        accept(piece.work, answer)
        this.#close(piece)
      }
    } catch (error) {
      piece.holders.delete(place)
      if (error instanceof TakerLost) place.late = Infinity
      else this.#end(() => this.#fail(error))
      if (!piece.isDone) this.#again.add(piece)
    }
    this.#held.set(place, this.#held.get(place)! - 1)
    if (piece.overtaken.has(place) && --place.late === 0) this.#options.onFree(place)
    this.offer(place)
    if (this.#again.size > 0) this.#offerAll()
    this.#endIfDone()
  }

  #close(piece: Piece<Place, Work>): void {
    piece.isDone = true
    this.#open.delete(piece)
    this.#again.delete(piece)
    const { patience } = this.#options
    if (patience !== undefined)
      this.#longestMs = Math.max(this.#longestMs, patience.now() - piece.since)
    for (const holder of piece.holders) {
      piece.overtaken.add(holder)
      holder.late++
    }
  }

  /** Once all pieces are given: gives those that take long a second time. */
  async #watchSlow(patience: Patience): Promise<void> {
    while (!this.#isOver) {
      const limit = Math.max(leastPatienceMs, patienceFactor * this.#longestMs)
      await patience.wait(limit)
      if (this.#longestMs === 0) continue
      for (const piece of this.#open)
        if (piece.holders.size === 1 && patience.now() - piece.since >= limit)
          this.#again.add(piece)
      this.#offerAll()
    }
  }

  #offerAll(): void {
    for (const place of this.#places()) this.offer(place)
  }

  #endIfDone(): void {
    if (this.#isExhausted && this.#open.size === 0) this.#end(this.#finish)
  }

  #end(settle: () => void): void {
    this.#isOver = true
    settle()
  }
}
