/** What becomes of scalars that are written in fewer bits than 32, in the words of a walk. */
import type { Precision } from '../wire/index.ts'
import type { WalkStep } from './walkStep.ts'

type Reduced = Exclude<Precision, 'float32'>
type Words = Pick<WalkStep, 'title' | 'explanation' | 'formula'>

const scaled = String.raw`\hat g = 2^e \operatorname{round}(g / 2^e)`
const levels = (bits: number, count: number): Words => ({
  title: `It rounds its scalars to ${bits} bits`,
  explanation: `Whole multiples of a power of two that the reply names once, ${count} levels in all: what is lost is small beside the noise of a random direction.`,
  formula: scaled,
})

const words: Readonly<Record<Reduced, Words>> = {
  float16: {
    title: 'It writes its scalars in 16 bits',
    explanation: 'Half of what a float32 takes: three digits stay.',
  },
  bfloat16: {
    title: 'It writes its scalars in 16 bits',
    explanation: 'The upper half of a float32: its range stays, and two digits.',
  },
  int8: levels(8, 255),
  int4: levels(4, 15),
  sign: {
    title: 'It keeps the signs alone',
    explanation: 'One bit for each direction: whether the loss rises along it or falls.',
    formula: String.raw`\hat g = \operatorname{sign} g`,
  },
}

const isReduced = (precision: Precision | undefined): precision is Reduced =>
  precision !== undefined && precision !== 'float32'

/** The step in which a client rounds; undefined where it sends what it has measured. */
export function roundingStep(
  measured: Float32Array,
  sent: Float32Array,
  precision: Precision | undefined,
): WalkStep | undefined {
  if (!isReduced(precision) || measured.every((scalar, at) => scalar === sent[at])) return undefined
  return {
    ...words[precision],
    place: 'client',
    figures: [
      { symbol: 'g', value: measured },
      { symbol: 'g sent', value: sent },
    ],
    picture: { kind: 'scalars' },
  }
}

/** How the server makes one scalar of many, where its log keeps them in a given precision. */
export function aggregationWords(
  formula: string,
  replies: number,
  precision: Precision | undefined,
): Words {
  const count = (one: string, many: string) => `${replies} ${replies === 1 ? one : many}`
  if (precision === 'sign')
    return {
      title: `The server counts ${count('vote', 'votes')}`,
      explanation:
        'On each direction the majority decides which way to go. A tie goes along it: that is as good as against it.',
      formula: formula.replace(
        /^\\bar g = ([^,]*)/,
        String.raw`\bar g = \operatorname{sign}\left( $1 \right)`,
      ),
    }
  const rounded = isReduced(precision) ? ' The log keeps the result in as few bits.' : ''
  return {
    title: `The server aggregates ${count('reply', 'replies')}`,
    explanation: `Scalar by scalar. The server never sees a model, and needs none.${rounded}`,
    formula,
  }
}
