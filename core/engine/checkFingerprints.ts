/** Whether data and model are those that a run began with. */
import { HisoError } from '../base/index.ts'
import type { RunRecord } from '../runs/index.ts'
import type { TaskFingerprints } from '../tasks/index.ts'

/**
 * @param found those that were opened, as far as they were
 * @param where the run, its file or its model, for the message
 * @throws HisoError RUN_CHANGED
 */
export function checkFingerprints(
  { fingerprints }: Pick<RunRecord, 'fingerprints'>,
  found: TaskFingerprints,
  where: string,
  remedy?: string,
): void {
  for (const part of ['dataset', 'model'] as const) {
    const [own, other] = [fingerprints[part], found[part]]
    if (other === undefined || own === other) continue
    throw new HisoError('RUN_CHANGED', {
      where,
      what: `this is not the ${part} that the run began with: its fingerprint is ${short(other)}, and the run's ${own === undefined ? 'none' : short(own)}`,
      remedy: remedy ?? `Restore the ${part}, or start a new run`,
    })
  }
}

const short = (fingerprint: string) => `${fingerprint.slice(0, 12)}…`
