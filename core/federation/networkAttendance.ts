/**
 * Who answered in the rounds of a run on a simulated network, and when, from its log: a deadline
 * makes this depend on the rounds before.
 */
import type { LogMessage } from '../wire/index.ts'
import { seededAttendance, type Attendance, type RoundAttendance } from './attendance.ts'
import { Server, type ServerConfig } from './server.ts'

/**
 * Every round of a log as it went on its network, without its frames.
 * @param dim d
 */
export function timedRounds(
  config: ServerConfig,
  dim: number,
  messages: Iterable<LogMessage>,
): readonly RoundAttendance[] {
  const rounds: RoundAttendance[] = []
  new Server(config, dim).restore(messages, ({ participants, answering, known, times }) => {
    rounds.push({ participants, answering, known, times })
  })
  return rounds
}

/** Whether who answers depends on the rounds before. */
export function hasDeadline({ network, devices }: ServerConfig): boolean {
  return network.kind !== 'none' && devices.deadline !== undefined
}

/**
 * Who took part in the rounds of a simulation.
 * @param dim d
 * @param log its messages; read only where the config alone does not say who answered
 */
export function simulatedAttendance(
  config: ServerConfig,
  dim: number,
  log: () => Iterable<LogMessage>,
): Attendance {
  if (!hasDeadline(config)) return seededAttendance(config)
  const rounds = timedRounds(config, dim, log())
  return {
    of(round) {
      const own = rounds[round]
      if (own === undefined) throw new Error(`the log ends before round ${round + 1}`)
      return own
    },
  }
}
