export function listBenches(): readonly {
  readonly name: string
  /** From the repository's root. */
  readonly path: string
  readonly command: string
  readonly purpose: string
}[]
