/** How a federation's server reaches its clients, as the machine that it runs on provides it. */

export interface FederationWays {
  send(name: string, message: Uint8Array): void
  /** Once everything that was sent is on its way. */
  close(): Promise<void>
}

export interface FederationEvents {
  /** @param session another one for each process of a client; undefined where it names none */
  onFrame(name: string, frame: Uint8Array, session?: string): void
  /** Nobody listens under this name. */
  onAbsent(name: string): void
  onNotice(text: string): void
}

/** Files for the clients of a federation, and for its broker. */
export interface Invitations {
  /** What each client needs to sign in; for its owner and nobody else. */
  readonly clients: readonly { readonly name: string; readonly path: string }[]
  /** The server's own. */
  readonly server: string
  /** The broker's configuration: who its users are, and what each may do. */
  readonly broker: string
}

export interface FederationHost {
  /**
   * @param credentials the file with the server's user and password; undefined for what this
   *   program was started with
   * @throws HisoError BROKER_…
   */
  open(
    address: string,
    credentials: string | undefined,
    events: FederationEvents,
  ): Promise<FederationWays>
  /**
   * Writes credentials for names, which only the owner of this program can read.
   * @throws HisoError FILE_UNWRITABLE
   */
  invite(folder: string, names: readonly string[]): Invitations
  /** For a new federation: another one each time. */
  newId(): string
}
