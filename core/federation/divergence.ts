/** A run whose losses leave all bounds stops, and says what to try. */
import { HisoError } from '../base/index.ts'

/** @throws HisoError LOSS_NOT_FINITE naming round and client */
export function checkFinite(losses: ArrayLike<number>, round: number, client: number): void {
  const bad = Array.from(losses).find((loss) => !Number.isFinite(loss))
  if (bad === undefined) return
  throw new HisoError('LOSS_NOT_FINITE', {
    where: `round ${round + 1}, client ${client + 1}`,
    what: `the loss is ${bad}: the run has diverged`,
    remedy: divergenceRemedy,
  })
}

export const divergenceRemedy =
  'Everything up to the round before is saved. Try a smaller method.learningRate, more method.perturbations or a larger method.hessian.nu'
