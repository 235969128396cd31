/** Words of the glossary: messages. */
import type { Term } from './term.ts'

export const messageTerms: readonly Term[] = [
  {
    term: 'frame',
    code: 'frame',
    unit: 'bytes',
    meaning: 'A message as bytes: type, length, payload and checksum.',
  },
  {
    term: 'assignment',
    code: 'Assignment',
    meaning: 'The message that opens a round for a participant.',
  },
  {
    term: 'reply',
    code: 'Reply',
    meaning: 'The message with which a participant sends its scalars.',
  },
  {
    term: 'entry',
    code: 'Entry',
    meaning: 'What one round did: its seed and its aggregated scalars.',
  },
  {
    term: 'change',
    code: 'Change',
    meaning: 'A message that gives a setting another value from a round on.',
  },
  {
    term: 'catch-up',
    code: 'catchUpBytes',
    unit: 'bytes',
    meaning:
      'The frames of the log that a participant has missed and receives with its assignment, or a snapshot in their place.',
  },
  {
    term: 'snapshot',
    code: 'Snapshot',
    meaning: 'The state after some rounds (x, H and a velocity) as a message, 4 bytes a number.',
  },
  {
    term: 'ledger',
    code: 'Ledger',
    meaning: 'The counts of all bytes that were encoded.',
  },
  {
    term: 'precision',
    code: 'precision',
    meaning:
      'How a scalar is written in a message: float32, float16, bfloat16, int8, int4 or sign.',
  },
]
