/** LoRA's matrices among the trainables, in pairs. */
import type { Trainable } from '../trainableGraph.ts'

export interface LoraPair {
  /** Name of the weight beside which they stand. */
  readonly weight: string
  /** [inputs, rank] */
  readonly a: Trainable
  /** [rank, outputs] */
  readonly b: Trainable
}

const [first, second] = ['.lora_A', '.lora_B'] as const

export function loraPairs(trainables: readonly Trainable[]): LoraPair[] {
  const named = new Map(trainables.map((it) => [it.name, it]))
  return trainables.flatMap((a) => {
    if (!a.name.endsWith(first)) return []
    const weight = a.name.slice(0, -first.length)
    const b = named.get(`${weight}${second}`)
    return b === undefined ? [] : [{ weight, a, b }]
  })
}
