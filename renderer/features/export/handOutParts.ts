/** What a run's hand-out shows beside its text. */
import type { Meaning } from '../../../figures/index.ts'

export interface HandOutFigure {
  readonly title: string
  readonly value: string
  readonly text: string
}

export interface HandOutChart {
  readonly title: string
  readonly meaning: Meaning
  /** The picture as data. */
  readonly source: string
}
