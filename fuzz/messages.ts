/** What crosses between the process that watches and the one that reads. */
import type { Outcome } from './trial.ts'

/** Try the inputs of these seeds, one after the other. */
export interface Order {
  readonly reader: string
  readonly from: number
  readonly to: number
}

export type Report =
  | { readonly kind: 'began'; readonly seed: number }
  | { readonly kind: 'tried'; readonly seed: number; readonly outcome: Outcome }
  | { readonly kind: 'done' }

/** How the reading process is started. */
export interface ChildSettings {
  readonly root: string
}
