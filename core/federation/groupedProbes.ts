/**
 * Probes that are measured together, beside an x that nobody rewrites: x ± μz, and for a client
 * that has taken local steps also its own Σ_k Σ_p −η c_{k,p} z_{k,p}, as terms of low rank.
 */
import type { Probe } from '../methods/index.ts'
import type { GroupedMeasure, LowRankTerm, SampleLosses } from '../model/index.ts'
import type { Reply } from '../wire/index.ts'
import { repliesByClient, scalarsOf } from './probePoint.ts'
import type { Replica } from './replica.ts'
import type { LossOrder } from './worker.ts'

export class GroupedProbes {
  readonly #replica: Replica
  readonly #measure: GroupedMeasure

  /** @param replica whose directions are low-rank, and do not lean */
  constructor(replica: Replica, measure: GroupedMeasure) {
    this.#replica = replica
    this.#measure = measure
  }

  /** @returns the losses of every call, in order */
  async measure(
    { localStep, calls, replies }: LossOrder,
    round: number,
  ): Promise<readonly SampleLosses[]> {
    const replyOf = repliesByClient(replies)
    const losses: SampleLosses[] = []
    for (const { clients, probes } of calls) {
      const steps = localStep === 0 ? [] : this.#stepsOf(replyOf.get(clients[0]!)!, localStep)
      const points = probes.map((probe) => [...steps, ...this.#termOf(probe, localStep)])
      const batches = clients.map((client) => ({ client, round, localStep }))
      const measured = await this.#measure.sampleLosses(this.#replica.params, points, batches)
      losses.push(...measured.flat())
    }
    return losses
  }

  /** From x_r to the client's own x_{i,k}. */
  #stepsOf(reply: Reply, localStep: number): LowRankTerm[] {
    const { method, rounds } = this.#replica
    const rate = method.learningRate(rounds)
    return Array.from({ length: localStep }, (_, k) =>
      [...this.#replica.coefficients(k, scalarsOf(reply, k))].map((coefficient, p) => ({
        factors: this.#factors(k, p),
        weight: -rate * coefficient,
      })),
    ).flat()
  }

  #termOf(probe: Probe, localStep: number): LowRankTerm[] {
    if (probe.side === 'base') return []
    const { mu } = this.#replica.method
    const weight = probe.side === 'plus' ? mu : -mu
    return [{ factors: this.#factors(localStep, probe.perturbation), weight }]
  }

  #factors(localStep: number, perturbation: number): Float32Array {
    const factors = this.#replica.directions.factors(localStep, perturbation)
    if (factors === undefined) throw new Error('directions that are not low-rank have no factors')
    return factors
  }
}
