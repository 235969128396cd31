/** The repository's root folder. */
import { fileURLToPath } from 'node:url'

// Not import.meta.dirname: an older Node must get as far as the message that it is too old.
export const root = fileURLToPath(new URL('..', import.meta.url))
