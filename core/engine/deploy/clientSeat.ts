/**
 * A client of a federation as its connection sees it: calls that pass bytes, so that what computes
 * may be another thread, and the connection answers its broker meanwhile.
 */

export interface OwnPlaces {
  /** The client's data, in place of what the config names; it holds this client's samples only. */
  readonly data?: string | undefined
  /** The model's file here, if the config names one. */
  readonly model?: string | undefined
}

/** What came of a message, and how much of the log the client has then. */
interface SeatAnswer {
  readonly rounds: number
  /** The frame of its reply, if it was called and lacks nothing. */
  readonly frame?: Uint8Array | undefined
}

export interface ClientSeat {
  /** @param bytes a summons, or a part of the log or of a snapshot, as the server sent it */
  take(bytes: Uint8Array): Promise<SeatAnswer>
  /** SHA-256 of its state. */
  stateHash(): Promise<string>
  close(): Promise<void>
}
