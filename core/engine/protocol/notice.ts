/** A line for people: it asks for a look, or only says how things are. */
export interface Notice {
  readonly text: string
  readonly isInformation?: boolean
}

export type OnNotice = (text: string, isInformation?: boolean) => void
