/**
 * The random streams of a partition: one for each purpose and each client or class, so that none
 * collide.
 */
import { RandomStream } from '../random/index.ts'

const purposes = {
  /** the order in which samples are dealt; index: the class */
  order: 0,
  /** a client's class mix; index: the client */
  mix: 1,
  /** which samples a client gives away; index: the client */
  moved: 2,
  /** which classes a client gets */
  labels: 3,
  /** who gets a class that no mix contains; index: the class */
  stray: 4,
} as const

/** @param seed the run's, uint32 */
export function splitStream(seed: number, purpose: keyof typeof purposes, index = 0): RandomStream {
  return new RandomStream(seed, 'partition', purposes[purpose], index)
}
