/** The sizes of OPT's decoders. */

export interface OptShape {
  readonly layers: number
  readonly hidden: number
  readonly heads: number
  readonly ffn: number
  readonly vocabulary: number
  /** The longest row; the table of positions has two more rows, which OPT leaves unused. */
  readonly positions: number
  /** Width of the embeddings, if projections stand between them and the layers. */
  readonly embedding?: number
  /** True if norms come after each part (and none after the last layer) instead of before it. */
  readonly normLast?: boolean
}

const published = { vocabulary: 50_272, positions: 2048 }

/** @see Zhang et al., arXiv 2205.01068, table 1; only 350m has norms last and narrow embeddings. */
export const optShapes = {
  'opt-tiny': { layers: 2, hidden: 64, heads: 4, ffn: 256, vocabulary: 4096, positions: 512 },
  'opt-125m': { layers: 12, hidden: 768, heads: 12, ffn: 3072, ...published },
  'opt-350m': {
    ...{ layers: 24, hidden: 1024, heads: 16, ffn: 4096, ...published },
    ...{ embedding: 512, normLast: true },
  },
  'opt-1.3b': { layers: 24, hidden: 2048, heads: 32, ffn: 8192, ...published },
  'opt-2.7b': { layers: 32, hidden: 2560, heads: 32, ffn: 10_240, ...published },
} as const satisfies Record<string, OptShape>

export type OptName = keyof typeof optShapes

export function isOptName(name: string): name is OptName {
  return Object.hasOwn(optShapes, name)
}
