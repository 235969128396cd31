/** The steps of a round whose participants send whole vectors, as the method's pieces say them. */
import { createAggregator } from '../federation/index.ts'
import type { VectorMethod } from '../methods/index.ts'
import { decode } from '../wire/index.ts'
import type { WalkParticipant } from './recordRound.ts'
import {
  closing,
  lossSource,
  opening,
  sends,
  shownMessage,
  type WalkedRound,
} from './sharedSteps.ts'
import type { WalkStep } from './walkStep.ts'

/** @param participant see `scalarSteps` */
export function* vectorSteps(
  walked: WalkedRound,
  method: VectorMethod,
  participant: WalkParticipant,
): Generator<WalkStep> {
  const { record, federation, summary } = walked
  const dim = record.before.params.length
  yield* opening(walked, participant, {
    title: 'The model goes down',
    explanation: 'All of it, to every participant: four bytes a parameter.',
    figures: [{ symbol: 'd', value: dim, unit: 'parameters' }],
  })
  if (participant.answers) {
    yield* trains(walked, method, participant)
    if (participant.attacks)
      yield {
        place: 'client',
        title: 'This client lies',
        explanation: 'It trained like everybody else, and sends another vector.',
        figures: [],
      }
    yield {
      place: 'up',
      title: 'The update goes up',
      explanation: 'What training changed in each parameter.',
      formula: String.raw`\Delta_i = x_{i,\tau} - x_r`,
      figures: [{ symbol: 'd', value: dim, unit: 'parameters' }],
      message: shownMessage(participant.reply!),
      ...sends.warningOf(participant),
    }
  } else yield sends.nothing
  const { message } = decode(record.entry)
  const isEmpty = message.type === 'vectorEntry' && message.aggregate.length === 0
  yield* closing.entry(
    {
      place: 'server',
      title: isEmpty ? 'Nobody answered: the round changes nothing' : 'The server aggregates',
      explanation: 'Parameter by parameter.',
      formula: ofVectors(createAggregator(federation.aggregator).formula),
      figures: [],
    },
    record,
    false,
  )
  if (!isEmpty)
    yield {
      place: 'everyone',
      title: 'The server moves the model',
      explanation: 'The next participants are sent the result.',
      formula: method.server.formula,
      figures: [{ symbol: '‖xᵣ₊₁ − xᵣ‖', value: summary.moved }],
      picture: { kind: 'params' },
    }
  yield closing.end(walked)
}

/** An aggregator's formula, of updates in place of scalars: the letter g, not one within a word. */
const ofVectors = (formula: string) =>
  formula.replace(/(?<![a-z])g(?![a-z])/gi, String.raw`\Delta `)

function* trains(
  walked: WalkedRound,
  method: VectorMethod,
  { client }: WalkParticipant,
): Generator<WalkStep> {
  const { record, federation } = walked
  const source = lossSource(walked)
  const training = record.trained.find((it) => it.client === client)
  const rate = method.learningRate(record.round)
  for (let localStep = 0; localStep < federation.localSteps; localStep++) {
    yield {
      place: 'client',
      localStep,
      ...source,
      figures: [...source.figures, { symbol: 'f(x)', value: training!.losses[localStep]! }],
      picture: { kind: 'batch', localStep },
    }
    yield {
      place: 'client',
      localStep,
      title: method.gradient.isFirstOrder
        ? 'It computes the gradient'
        : 'It estimates the gradient',
      explanation: method.gradient.isFirstOrder
        ? 'A forward and a backward pass: one number for each parameter.'
        : 'From forward passes along directions of its own.',
      formula: [method.gradient.formula, method.drift.formula]
        .filter((it) => it !== undefined)
        .join(String.raw`, \quad `),
      figures: [],
    }
    yield {
      place: 'client',
      localStep,
      title: 'It takes its local step',
      explanation: 'Its own copy of the model moves.',
      formula: String.raw`x_{k+1} = x_k - \eta g`,
      figures: [{ symbol: 'η', value: rate }],
    }
  }
}
