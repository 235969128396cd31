/** Words of the glossary: time on a network. */
import type { Term } from './term.ts'

export const networkTerms: readonly Term[] = [
  {
    term: 'network',
    code: 'network',
    meaning: 'What connects simulated clients and their server: it gives a run its simulated time.',
  },
  {
    term: 'simulated time',
    code: 'simulatedMs',
    unit: 'ms',
    meaning: "What a run's bytes and passes would have taken on its network, with its devices.",
  },
  {
    term: 'device',
    code: 'devices',
    meaning: 'What a simulated client computes on: it has a speed, and hours in which it is on.',
  },
  {
    term: 'deadline',
    code: 'deadline',
    unit: 's',
    meaning: 'How long the server waits in a round; what comes later is late, and dropped.',
  },
  {
    term: 'late',
    code: 'late',
    unit: 'clients',
    meaning: 'Participants of a round whose answers came behind the deadline.',
  },
  {
    term: 'unicast and broadcast',
    code: 'downlinkBytes, broadcastBytes',
    unit: 'bytes',
    meaning:
      'What the server sends if each client gets its own copy, and if one message reaches all.',
  },
]
