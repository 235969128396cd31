/** Stops a run whose losses leave all bounds, and says what to try. */
import { HisoError } from '../base/index.ts'
import type { Method } from '../methods/index.ts'

/** @throws HisoError LOSS_NOT_FINITE naming round and client */
export function checkFinite(
  losses: ArrayLike<number>,
  method: Method,
  round: number,
  client: number,
): void {
  const bad = Array.from(losses).find((loss) => !Number.isFinite(loss))
  if (bad === undefined) return
  throw new HisoError('LOSS_NOT_FINITE', {
    where: `round ${round + 1}, client ${client + 1}`,
    what: `the loss is ${bad}: the run has diverged`,
    remedy: divergenceRemedy(method),
  })
}

/** What to try, as far as the method has it. */
export function divergenceRemedy(method: Method): string {
  const saved = 'Everything up to the round before is saved. Try a smaller method.learningRate'
  if (method.protocol === 'vector')
    return `${saved} or method.serverLearningRate, or fewer federation.localSteps`
  // A curvature without a formula leaves H as it is, and a mask learns nothing by ν.
  const { formula, hessian } = method.curvature
  return formula === undefined || hessian === 'mask'
    ? `${saved} or more method.perturbations`
    : `${saved}, more method.perturbations or a larger method.hessian.nu`
}
