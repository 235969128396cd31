/** Steps that rounds of all methods have: how a round is opened, answered and closed. */
import type { FederationSettings } from '../config/index.ts'
import type { RoundRecord, WalkParticipant } from './recordRound.ts'
import type { WalkFigure, WalkMessage, WalkStep } from './walkStep.ts'

export interface WalkedRound {
  readonly record: RoundRecord
  readonly federation: FederationSettings
  /** B; undefined where the task has no samples. */
  readonly batchSize: number | undefined
  /** Whether clients add noise to what they send. */
  readonly isPrivate: boolean
  /** K, where seeds come from a pool. */
  readonly pool: number | undefined
  /** Whether the state is more than x. */
  readonly hasHessian: boolean
  readonly summary: StateChange
}

/** What a round did to the state, in a few numbers. */
export interface StateChange {
  /** ‖x_{r+1} − x_r‖ */
  readonly moved: number
  readonly meanHessian: number
  readonly largestHessian: number
}

/** How a client comes by the loss that it measures. */
export function lossSource({ batchSize }: Pick<WalkedRound, 'batchSize'>) {
  return batchSize === undefined
    ? {
        title: 'The client turns to its own loss',
        explanation: 'This task has no samples: the loss is a formula.',
        formula: String.raw`f(x) = \frac{1}{2} \sum_j \lambda_j x_j^2 + \sum_j s_j x_j`,
        figures: [],
      }
    : {
        title: 'The client takes a minibatch of its own data',
        explanation: 'The samples stay with the client.',
        formula: String.raw`f(x) = \frac{1}{B} \sum_{n \in B} \ell_n(x)`,
        figures: [{ symbol: 'B', value: batchSize, unit: 'samples' }],
      }
}

/** Bytes of a message that are shown; messages of scalars are shorter. */
const shownBytes = 4096

export function shownMessage(frame: Uint8Array): WalkMessage {
  return { bytes: frame.subarray(0, shownBytes), totalBytes: frame.length }
}

function stateFigures(round: number, hash: string): WalkFigure[] {
  const figures: WalkFigure[] = [{ symbol: 'r', value: round }]
  return hash === '' ? figures : [...figures, { symbol: 'hash', value: hash.slice(0, 12) }]
}

/** The picture of x; where the model is gone, that it is. */
export function stateParts({ missing }: RoundRecord): Pick<WalkStep, 'picture' | 'warning'> {
  if (missing === undefined) return { picture: { kind: 'params' } }
  return { warning: `x is not known here: ${missing}` }
}

const caughtUp = {
  replay: {
    // Whoever took part in the last round, too, has yet to see what came of it.
    title: (rounds: number) =>
      rounds === 1
        ? 'The client gets the entry of the last round'
        : `The client gets the entries of the last ${rounds} rounds`,
    explanation:
      'What came of rounds that it does not know yet, a few scalars each. By applying them it stands where everybody stands.',
  },
  snapshot: {
    title: (rounds: number) => `The client has missed ${rounds} rounds: it gets a snapshot`,
    explanation:
      'The whole state as it is now, 4 bytes for each number of x and of what the method keeps beside it. It puts this in place of its own and stands where everybody stands.',
  },
} as const

/** From the state that everybody holds to the messages that go down to one participant. */
export function* opening(
  { record, federation, hasHessian }: WalkedRound,
  participant: WalkParticipant,
  message: Pick<WalkStep, 'title' | 'explanation' | 'figures'>,
): Generator<WalkStep> {
  yield {
    place: 'everyone',
    title: 'Everybody holds the same state',
    explanation: `It follows from the initial model and the log alone.${record.missing === undefined ? ` The hash below is that of ${hasHessian ? 'x and H' : 'x'}.` : ''}`,
    formula: hasHessian ? '(x_r, H_r)' : 'x_r',
    figures: stateFigures(record.round + 1, record.before.stateHash),
    ...stateParts(record),
  }
  yield {
    place: 'server',
    title: 'The server draws who takes part',
    explanation: `${record.participants.length} of ${federation.clients} clients, without replacement, from the run's seed.`,
    figures: [
      { symbol: 'm', value: record.participants.length },
      { symbol: 'M', value: federation.clients },
    ],
    picture: { kind: 'participants', clients: federation.clients },
  }
  yield { place: 'down', ...message, message: shownMessage(record.opening) }
  if (participant.missedRounds > 0)
    yield {
      place: 'down',
      title: caughtUp[participant.catchUp.kind].title(participant.missedRounds),
      explanation: caughtUp[participant.catchUp.kind].explanation,
      figures: [{ symbol: 'missed', value: participant.missedRounds, unit: 'rounds' }],
      message: {
        ...shownMessage(participant.catchUpFrames),
        totalBytes: participant.catchUp.bytes,
      },
    }
}

export const sends = {
  unseen: (missing: string): WalkStep => ({
    place: 'client',
    title: 'The client measures its scalars',
    explanation: 'What it measured them on can’t be shown; what it sent is in the log of replies.',
    figures: [],
    warning: `Minibatch and losses are not known here: ${missing}`,
  }),

  unrecorded: {
    place: 'up',
    title: 'The reply goes up',
    explanation: 'The run kept no replies of this round; what became of them is in the entry.',
    figures: [],
  } satisfies WalkStep as WalkStep,

  nothing: {
    place: 'client',
    title: 'This client does not answer',
    explanation: 'It dropped out. The round goes on with those who did answer.',
    figures: [],
  } satisfies WalkStep as WalkStep,

  forged: (measured: Float32Array, sent: Float32Array): WalkStep => ({
    place: 'client',
    title: 'This client lies',
    explanation: 'It measured like everybody else, and sends other numbers.',
    figures: [
      { symbol: 'g', value: measured },
      { symbol: 'g sent', value: sent },
    ],
    picture: { kind: 'scalars' },
  }),

  warningOf({ isAsRecorded }: WalkParticipant): { warning?: string } {
    return isAsRecorded === false
      ? {
          warning:
            'The run recorded other bytes for this reply: it was played on another kind of machine, or its files were changed since.',
        }
      : {}
  },
}

const entries = {
  sent: {
    place: 'down',
    title: 'The entry goes out',
    explanation:
      'It is appended to the log. Clients get it when they next take part; the log is all that a checkpoint needs.',
  },
  kept: {
    place: 'server',
    title: 'The entry is kept',
    explanation:
      'It is appended to the log, from which the run can be played again. Nobody is sent it: the next participants get the model.',
  },
} as const

export const closing = {
  /** @param isSent whether clients get it: those that are sent the model need none */
  *entry(aggregation: WalkStep, record: RoundRecord, isSent: boolean): Generator<WalkStep> {
    yield aggregation
    yield {
      ...(isSent ? entries.sent : entries.kept),
      figures: [] as readonly WalkFigure[],
      message: shownMessage(record.entry),
      ...(!record.isEntryAsRecorded && {
        warning:
          'Played again here, the round gave another entry: losses differ in their last bits between kinds of machines. The state below follows from the log.',
      }),
    }
  },

  end: ({ record, hasHessian }: WalkedRound): WalkStep => ({
    place: 'everyone',
    title: 'Everybody holds the next state',
    explanation: `${record.missing === undefined ? 'The same hash on every machine: the' : 'The'} next round can begin.`,
    formula: hasHessian ? '(x_{r+1}, H_{r+1})' : 'x_{r+1}',
    figures: stateFigures(record.round + 2, record.after.stateHash),
    ...stateParts(record),
  }),
}
