/**
 * A step of a walk through a round, as data: what happens, where, by which formula, with which
 * numbers. The view draws these kinds of things and knows no method.
 */

/** Where a step happens. */
type WalkPlace = 'everyone' | 'server' | 'client' | 'down' | 'up'

/** A named number, or several of one kind. */
export interface WalkFigure {
  /** As in the glossary: g, ḡ, η … */
  readonly symbol: string
  /** One-based indices of the symbol, such as a perturbation or a client. */
  readonly indices?: string
  readonly value: number | string | Float32Array
  readonly unit?: string
}

/** A message that crosses the wire in a step. */
export interface WalkMessage {
  /** Its first bytes: all of them, for a message of scalars. */
  readonly bytes: Uint8Array
  readonly totalBytes: number
}

/** What there is to draw beside a step's words. */
type WalkPicture =
  | {
      readonly kind: 'participants'
      /** M */
      readonly clients: number
    }
  | {
      readonly kind: 'noise' | 'direction' | 'secant'
      readonly localStep: number
      readonly perturbation: number
    }
  | { readonly kind: 'batch'; readonly localStep: number }
  | { readonly kind: 'scalars' }
  | { readonly kind: 'params' | 'hessian' }

export interface WalkStep {
  readonly place: WalkPlace
  /** A short sentence: what happens. */
  readonly title: string
  /** One or two sentences: why, and what to look at. */
  readonly explanation: string
  /** TeX. */
  readonly formula?: string
  readonly figures: readonly WalkFigure[]
  readonly message?: WalkMessage
  readonly picture?: WalkPicture
  /** k and p, zero-based, where the step belongs to one. */
  readonly localStep?: number
  readonly perturbation?: number
  /** What does not agree with the run's records, and why that can be. */
  readonly warning?: string
}
