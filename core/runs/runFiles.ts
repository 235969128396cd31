/** The files of a run's folder, and what is said where one is missing. */
import { HisoError } from '../base/index.ts'

export const runFiles = {
  config: 'config.yaml',
  record: 'run.json',
  log: 'scalars.log',
  replies: 'replies.log',
  metrics: 'metrics.csv',
} as const

/** In the folder of a federation of real clients; a simulation has none. */
export const attendanceFile = 'attendance.csv'

/** There, too: which client each name is. */
export const rosterFile = 'clients.json'

export function notFound(path: string): HisoError {
  return new HisoError('RUN_NOT_FOUND', {
    where: path,
    what: `there is no run here: the folder has no ${runFiles.record}`,
    remedy: 'hiso list shows the runs in runs/, hiso list FOLDER those in another folder',
  })
}

/** A file that a run can't do without, and that nothing rebuilds. */
export function isLost(path: string, name: string): HisoError {
  return new HisoError('RUN_CORRUPT', {
    where: path,
    what: `the run's ${name} is missing or empty`,
    remedy:
      name === runFiles.config
        ? 'Restore it from a copy, or run the config that you began with again, in another folder'
        : `Restore it from a copy, or play the run again: hiso run with this folder as its config, and another folder as --out`,
  })
}

/** What a file holds whose content a power cut has swallowed: nothing, or zeros. */
export function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0 || byte === 10 || byte === 32)
}
