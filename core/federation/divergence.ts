/** Stops a run whose losses leave all bounds, and says what to try. */
import { HisoError } from '../base/index.ts'
import type { Method } from '../methods/index.ts'

/** @throws HisoError LOSS_NOT_FINITE naming round and client */
export function checkFinite(
  losses: ArrayLike<number>,
  { protocol }: Pick<Method, 'protocol'>,
  round: number,
  client: number,
): void {
  const bad = Array.from(losses).find((loss) => !Number.isFinite(loss))
  if (bad === undefined) return
  throw new HisoError('LOSS_NOT_FINITE', {
    where: `round ${round + 1}, client ${client + 1}`,
    what: `the loss is ${bad}: the run has diverged`,
    remedy: divergenceRemedies[protocol],
  })
}

const saved = 'Everything up to the round before is saved. Try a smaller method.learningRate'
/** What to try, depending on what the method's messages hold. */
export const divergenceRemedies: Readonly<Record<Method['protocol'], string>> = {
  scalar: `${saved}, more method.perturbations or a larger method.hessian.nu`,
  vector: `${saved} or method.serverLearningRate, or fewer federation.localSteps`,
}
