/** Types of deb.mjs, for its test. */

/** Makes a Debian package of a packaged app. @returns its path */
export function buildDeb(of: {
  readonly app: string
  readonly icons: string
  readonly config: unknown
  readonly manifest: { readonly version: string; readonly homepage: string }
  readonly to: string
}): string
