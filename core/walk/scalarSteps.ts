/**
 * The steps of a round whose participants send gradient scalars, as the pieces of the method say
 * them.
 */
import { createAggregator } from '../federation/index.ts'
import {
  sampleSlopes,
  type Probe,
  type ScalarMethod,
  type SubspaceCurvature,
} from '../methods/index.ts'
import { decode, type Entry, type Reply } from '../wire/index.ts'
import { aggregationWords, roundingStep } from './precisionWords.ts'
import type { RoundRecord, WalkParticipant } from './recordRound.ts'
import {
  closing,
  lossSource,
  opening,
  sends,
  shownMessage,
  stateParts,
  type WalkedRound,
} from './sharedSteps.ts'
import type { WalkStep } from './walkStep.ts'

/** @param participant whose steps are shown; the server's are the same for everybody */
export function* scalarSteps(
  walked: WalkedRound,
  method: ScalarMethod,
  participant: WalkParticipant,
): Generator<WalkStep> {
  const { record, federation, pool } = walked
  const assignment = decode(record.opening).message
  const seed = assignment.type === 'assignment' ? assignment.seed : 0
  yield* opening(walked, participant, {
    title: 'An assignment goes down',
    explanation: `It names the round and a seed${pool === undefined ? '' : `, one of the ${pool} that there are in this run`}, nothing else. With the seed, everyone draws the same directions.`,
    figures: [
      { symbol: 's', value: seed },
      ...(pool === undefined ? [] : [{ symbol: 'K', value: pool, unit: 'seeds' }]),
    ],
  })
  if (participant.answers && record.missing !== undefined) {
    yield sends.unseen(record.missing)
    yield participant.reply === undefined ? sends.unrecorded : reply(walked, method, participant)
  } else if (participant.answers) {
    const measured: number[] = []
    for (let localStep = 0; localStep < federation.localSteps; localStep++)
      measured.push(...(yield* localSteps(walked, method, participant, localStep, seed)))
    yield* replies(walked, method, participant, measured)
  } else yield sends.nothing
  yield* aggregates(walked, method)
}

/** What a client does at x_{i,k}. @returns what it would send of it */
function* localSteps(
  walked: WalkedRound,
  method: ScalarMethod,
  { client }: WalkParticipant,
  localStep: number,
  seed: number,
): Generator<WalkStep, Float32Array> {
  const { record, federation } = walked
  const source = lossSource(walked)
  const { direction, step, mu } = method
  const estimator = method.estimator(record.round)
  const perturbations = method.perturbations(record.round)
  const whitens = direction.metric(record.before.hessian) !== undefined
  const losses = lossesOf(record, client, localStep)
  const inOrder = estimator.probes(perturbations).map((probe) => losses.get(keyOf(probe))!)
  const scalars = estimator.scalars(inOrder, perturbations, mu)
  const base = losses.get('base')
  const at = localStep === 0 ? 'x' : `x after ${localStep} of its own steps`
  yield {
    place: 'client',
    localStep,
    ...source,
    explanation: `${source.explanation} It will be measured at ${at} and close by.`,
    figures: [...source.figures, ...(base === undefined ? [] : [{ symbol: 'f(x)', value: base }])],
    picture: { kind: 'batch', localStep },
  }
  for (let perturbation = 0; perturbation < perturbations; perturbation++) {
    const own = { localStep, perturbation }
    const indices = indicesOf(federation.localSteps, localStep, perturbation)
    yield {
      ...own,
      place: 'client',
      title: 'It draws a random direction from the seed',
      explanation: `Direction ${perturbation + 1} of ${perturbations}: as many numbers as the model has parameters, and none of them was sent.`,
      formula: String.raw`u \sim ${distributions[method.distribution]}`,
      figures: [
        { symbol: 's', value: seed },
        { symbol: 'd', value: record.before.params.length, unit: 'parameters' },
      ],
      picture: { kind: 'noise', ...own },
    }
    if (method.cone !== undefined)
      yield {
        ...own,
        place: 'client',
        title: 'The direction leans to the momentum',
        explanation:
          'Past rounds left a velocity. Every direction lies at the same angle to it, and is random otherwise.',
        formula: method.cone.formula,
        figures: [],
      }
    if (whitens && method.curvature.hessian === 'mask')
      yield {
        ...own,
        place: 'client',
        title: 'The mask holds most parameters still',
        explanation: 'Where H is infinite the direction is 0: these parameters are not trained.',
        formula: direction.formula,
        figures: [],
        picture: { kind: 'direction', ...own },
      }
    else if (whitens)
      yield {
        ...own,
        place: 'client',
        title: 'The Hessian reshapes the direction',
        explanation:
          'Where H is large the loss is steep, so the step is short; where H is small it is long.',
        formula: direction.formula,
        figures: [],
        picture: { kind: 'direction', ...own },
      }
    const plus = losses.get(keyOf({ side: 'plus', perturbation }))
    const minus = losses.get(keyOf({ side: 'minus', perturbation }))
    yield {
      ...own,
      place: 'client',
      title: minus === undefined ? 'It measures two losses' : 'It measures the loss on both sides',
      explanation: 'Forward passes only: no gradient is computed, and nothing is stored for one.',
      figures: [
        { symbol: 'μ', value: mu },
        ...(base === undefined ? [] : [{ symbol: 'f(x)', value: base }]),
        ...(plus === undefined ? [] : [{ symbol: 'f(x + μz)', indices, value: plus }]),
        ...(minus === undefined ? [] : [{ symbol: 'f(x − μz)', indices, value: minus }]),
      ],
      picture: { kind: 'secant', ...own },
    }
    const second =
      estimator.scalarsPerDirection === 2 ? scalars[perturbations + perturbation] : undefined
    yield {
      ...own,
      place: 'client',
      title: 'One number remains',
      explanation:
        estimator.meaning ??
        'The slope of the loss along this direction. Everything else can be forgotten.',
      formula: estimator.formula,
      figures: [
        { symbol: 'g', indices, value: scalars[perturbation]! },
        ...(second === undefined ? [] : [{ symbol: 'c', indices, value: second }]),
      ],
      picture: { kind: 'secant', ...own },
    }
  }
  if (step.formula !== undefined) {
    const gradient = scalars.subarray(0, perturbations)
    const rate = method.learningRate(record.round) / perturbations
    const curvature = curvatureOf(record, method, client, localStep)
    const damped = step.scalars(gradient, curvature, rate)
    yield {
      place: 'client',
      localStep,
      title: 'It damps its scalars',
      explanation:
        'The losses of its single samples tell how the loss bends along these directions. Where it bends much, the scalar shrinks, so that a long step does not overshoot.',
      formula: step.formula,
      figures: [
        { symbol: 'g', value: gradient.slice() },
        { symbol: 'g̃', value: damped },
      ],
      picture: { kind: 'scalars' },
    }
    scalars.set(damped)
  }
  if (localStep + 1 < federation.localSteps)
    yield {
      place: 'client',
      localStep,
      title: 'The client takes its local step',
      explanation: 'For itself, and only within this round: its next minibatch starts from here.',
      formula: String.raw`x_{k+1} = x_k - \frac{\eta}{P} \sum_p g_p z_p`,
      figures: [{ symbol: 'η', value: method.learningRate(record.round) }],
    }
  return scalars
}

function* replies(
  { record, federation, isPrivate }: WalkedRound,
  method: ScalarMethod,
  participant: WalkParticipant,
  measured: readonly number[],
): Generator<WalkStep> {
  const { scalars: sent, precision } = replyOf(participant)
  const own = Float32Array.from(measured)
  const rounding = isPrivate || participant.attacks ? undefined : roundingStep(own, sent, precision)
  if (rounding !== undefined) yield rounding
  if (isPrivate && !participant.attacks)
    yield {
      place: 'client',
      title: 'It clips its scalars and adds noise',
      explanation:
        'Before anything leaves the client. The noise hides what a single sample has changed; how well it does, ε counts.',
      formula: String.raw`\tilde g = g \cdot \min\!\left(1, \frac{C}{\lVert g \rVert}\right) + \mathcal N(0, (zC)^2 I)`,
      figures: [
        { symbol: 'g', value: own },
        { symbol: 'g sent', value: sent },
      ],
      picture: { kind: 'scalars' },
    }
  if (participant.attacks) yield sends.forged(own, sent)
  yield reply({ record, federation }, method, participant)
}

function reply(
  { record, federation }: Pick<WalkedRound, 'record' | 'federation'>,
  method: ScalarMethod,
  participant: WalkParticipant,
): WalkStep {
  return {
    place: 'up',
    title: 'The reply goes up',
    explanation: `${federation.localSteps * method.perturbations(record.round) * method.estimator(record.round).scalarsPerDirection} scalars, whatever the size of the model.`,
    figures: [{ symbol: 'g', value: replyOf(participant).scalars }],
    message: shownMessage(participant.reply!),
    picture: { kind: 'scalars' },
    ...sends.warningOf(participant),
  }
}

function* aggregates(walked: WalkedRound, method: ScalarMethod): Generator<WalkStep> {
  const { record, federation, summary } = walked
  const { message } = decode(record.entry)
  const entry = message as Entry
  const answered = record.participants.filter(({ answers }) => answers)
  yield* closing.entry(
    {
      place: 'server',
      ...aggregationWords(
        createAggregator(federation.aggregator).formula,
        answered.length,
        entry.precision,
      ),
      ...(answered.length === 0 && { title: 'Nobody answered: the round changes nothing' }),
      figures: [{ symbol: 'ḡ', value: entry.aggregates }],
      picture: { kind: 'scalars' },
    },
    record,
    true,
  )
  if (answered.length === 0) {
    yield closing.end(walked)
    return
  }
  const rate = method.learningRate(record.round)
  yield {
    place: 'everyone',
    title: 'Everybody takes the same step',
    explanation:
      rate === 0
        ? 'The learning rate has come down to 0 in this round: x stays where it is. In an earlier round it moves.'
        : 'Server, clients that took part and clients that will read the log later: the same directions, the same scalars, the same bits.',
    formula: moveFormula(method),
    figures: [
      { symbol: 'η', value: rate },
      ...(record.missing === undefined ? [{ symbol: '‖ηΔ‖', value: summary.moved }] : []),
    ],
    ...stateParts(record),
  }
  const { formula, hessian } = method.curvature
  if (hessian === 'mask')
    yield {
      place: 'everyone',
      title: 'Everybody knows which parameters are trained',
      explanation: 'The mask follows from the model and the scalars, and costs no byte.',
      ...(formula && { formula }),
      figures: [{ symbol: 'trained', value: trainedOf(record), unit: 'parameters' }],
    }
  else if (formula !== undefined)
    yield {
      place: 'everyone',
      ...(method.curvature.seesBends
        ? {
            title: 'The Hessian learns from how the loss bends',
            explanation:
              'Each reply brought second differences beside the slopes: one more number for each direction, whatever the size of the model.',
          }
        : {
            title: 'The Hessian learns from the same scalars',
            explanation: 'It costs no byte: Δ is known to everybody, and so is its square.',
          }),
      formula,
      figures: [
        { symbol: 'mean of H', value: summary.meanHessian },
        { symbol: 'largest H', value: summary.largestHessian },
      ],
      picture: { kind: 'hessian' },
    }
  yield closing.end(walked)
}

/** How many parameters a mask leaves to be trained. */
function trainedOf({ after }: RoundRecord): number {
  return after.hessian.filter((h) => h === 1).length
}

function moveFormula({ momentum, weightDecay, cone, scaling }: ScalarMethod): string {
  const velocity = String.raw`v \leftarrow \beta v + \Delta`
  const delta =
    scaling === undefined
      ? String.raw`\Delta = \frac{1}{P} \sum_p \bar g_p z_p`
      : String.raw`${scaling.formula}, \quad \Delta = \frac{1}{P} \sum_p \hat g_p z_p`
  if (momentum > 0 && cone === undefined) {
    const decayed = weightDecay > 0 ? String.raw`(1 - \eta \lambda)^\tau x` : 'x'
    return String.raw`${delta}, \quad ${velocity}, \quad x \leftarrow ${decayed} - \eta v`
  }
  const step = weightDecay > 0 ? String.raw`(\Delta + \lambda x)` : String.raw`\Delta`
  const move = String.raw`${delta}, \quad x \leftarrow x - \eta ${step}`
  return cone === undefined ? move : String.raw`${move}, \quad ${velocity}`
}

const distributions: Readonly<Record<ScalarMethod['distribution'], string>> = {
  gaussian: String.raw`\mathcal N(0, I)`,
  rademacher: String.raw`\{-1, +1\}^d`,
  sphere: String.raw`\sqrt d \cdot S^{d-1}`,
  'low-rank': String.raw`U V^\top / \sqrt r, \quad U, V \sim \mathcal N(0, I)`,
}

function replyOf({ reply }: WalkParticipant): Reply {
  return decode(reply!).message as Reply
}

function lossesOf({ measured }: RoundRecord, client: number, localStep: number) {
  return new Map(
    measured
      .filter((it) => it.client === client && it.localStep === localStep)
      .map(({ probe, loss }) => [keyOf(probe), loss]),
  )
}

/** S_{i,k}, as it was measured. */
function curvatureOf(
  { measured, curvatures, round }: RoundRecord,
  { mu, ...method }: ScalarMethod,
  client: number,
  localStep: number,
): SubspaceCurvature {
  const own = curvatures.find((it) => it.localStep === localStep)
  if (own !== undefined) return { matrix: own.matrix }
  const perturbations = method.perturbations(round)
  const estimator = method.estimator(round)
  const samples = new Map(
    measured
      .filter((it) => it.client === client && it.localStep === localStep)
      .map((it) => [keyOf(it.probe), it.samples!]),
  )
  const inOrder = estimator.probes(perturbations).map((probe) => samples.get(keyOf(probe))!)
  return { slopes: sampleSlopes(estimator, inOrder, perturbations, mu) }
}

function keyOf(probe: Probe): string {
  return probe.side === 'base' ? 'base' : `${probe.side} ${probe.perturbation}`
}

/** One-based, as on screen; the local step only where there are several. */
function indicesOf(localSteps: number, localStep: number, perturbation: number): string {
  return localSteps > 1 ? `${localStep + 1},${perturbation + 1}` : String(perturbation + 1)
}
