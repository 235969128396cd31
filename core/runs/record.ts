/**
 * `run.json`: what a run is, what it ran on, how it ended. Small, so that a library of thousands
 * can be listed quickly.
 */
import { z } from 'zod'
import { HisoError, messageOf, parseJson } from '../base/index.ts'
import { preprocessingSchema } from '../data/index.ts'
import type { MetricsRow, QualityColumn } from './metrics.ts'

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
const product = (values: readonly number[]) => values.reduce((all, value) => all * value, 1)

/** Version of the run folder's format as a whole. */
export const runFormat = 1

const quality = {
  testLoss: z.number().optional(),
  testAccuracy: z.number().optional(),
  exactMatch: z.number().optional(),
  f1: z.number().optional(),
  rougeL: z.number().optional(),
} satisfies Record<QualityColumn, z.ZodType>

/** As many dimensions as the inference runtime's tensors have at most. */
const mostDimensions = 32
const text = z.string().max(100_000)
const count = z.int().min(0)

const recordSchema = z.object({
  format: z.literal(runFormat),
  name: text,
  /** `running` in a folder that no process holds means interrupted. */
  status: z.enum(['running', 'stopped', 'finished', 'failed']),
  /** Why it failed. */
  error: z.object({ code: text, message: text }).optional(),
  /** When it was first started, ISO 8601, UTC. */
  created: z.iso.datetime({ offset: true }),
  /** Rounds completed. */
  rounds: count,
  /** Rounds that it is to have, where it was extended beyond those of its config. */
  plannedRounds: count.optional(),
  /** Whether settings changed during it, so that its config alone would not give it. */
  hasChanges: z.boolean().optional(),
  /** The run that it shares its first rounds with, how many, and what differs from there on. */
  forkedFrom: z
    .object({ name: text, rounds: count, changes: z.record(text, z.number()).default({}) })
    .readonly()
    .optional(),
  /**
   * SHA-256 of what the result depends on; of the config the part that the state follows from,
   * which older runs have not recorded.
   */
  fingerprints: z.object({ dataset: text.optional(), model: text, config: text.optional() }),
  /** How values of the data became inputs, and what the outputs stand for. */
  inputs: z
    .object({ preprocessing: preprocessingSchema, classes: z.array(text) })
    .readonly()
    .optional(),
  /** Versions, provider, workers: what the bits may depend on, and the speed does. */
  environment: z.record(z.string().max(200), z.union([text, z.number()])),
  /** Who computed how much, of a run with a cluster: machines of one class compute equal bits. */
  computedBy: z
    .array(z.object({ machine: text, classOf: z.string().max(64), batches: count }))
    .max(10_000)
    .optional(),
  model: z
    .object({
      /** d */
      dim: z.int().min(1),
      trainables: z.array(z.object({ name: text, shape: z.array(count).max(mostDimensions) })),
    })
    .refine(({ dim, trainables }) => dim === sum(trainables.map(({ shape }) => product(shape))), {
      error: 'dim is not the number of values that the trainables have',
    }),
  totals: z.object({
    uplinkBytes: count,
    downlinkBytes: count,
    catchUpBytes: count,
    forwardPasses: count,
    elapsedMs: z.number().min(0),
  }),
  /** Quality of a pre-trained model before any round. */
  initial: z.object(quality).optional(),
  /** The newest value of every metric that has one. */
  latest: z.object({ trainLoss: z.number().optional(), ...quality }),
  /**
   * SHA-256 of the little-endian float32 parameters followed by H, after `rounds` rounds; absent
   * while running.
   */
  stateHash: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'this is no SHA-256')
    .optional(),
  /** How things are. */
  information: z.array(text).optional(),
  /** What asks for a look. */
  notices: z.array(text),
})

/** Without the hash nothing tells whether a finished run is still what it was. */
const wholeRecordSchema = recordSchema.refine(
  ({ status, stateHash }) => status !== 'finished' || stateHash !== undefined,
  { path: ['stateHash'], error: 'a finished run records the hash of its state' },
)

export type RunRecord = z.infer<typeof recordSchema>
export type RunStatus = RunRecord['status']

/**
 * The record of a run in progress, or of an interrupted one, from its metrics: the file itself is
 * written when a run ends.
 */
export function asOfRows(record: RunRecord, rows: readonly MetricsRow[]): RunRecord {
  const last = rows.at(-1)
  if (last === undefined) return record
  const newest = (column: keyof RunRecord['latest']) =>
    rows.findLast((row) => row[column] !== undefined)?.[column]
  return {
    ...record,
    rounds: last.round,
    totals: {
      uplinkBytes: last.cumulativeUplinkBytes,
      downlinkBytes: last.cumulativeDownlinkBytes,
      catchUpBytes: rows.reduce((sum, { catchUpBytes }) => sum + catchUpBytes, 0),
      forwardPasses: last.cumulativeForwardPasses,
      elapsedMs: last.elapsedMs,
    },
    latest: {
      trainLoss: newest('trainLoss'),
      testLoss: newest('testLoss'),
      testAccuracy: newest('testAccuracy'),
      exactMatch: newest('exactMatch'),
      f1: newest('f1'),
      rougeL: newest('rougeL'),
    },
  }
}

export function formatRecord(record: RunRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`
}

/**
 * @param where the file, for messages
 * @throws HisoError RUN_NEWER, RUN_CORRUPT
 */
export function parseRecord(text: string, where: string): RunRecord {
  const data = parse(text, where)
  const format = (data as { format?: unknown } | null)?.format
  if (typeof format === 'number' && format > runFormat)
    throw new HisoError('RUN_NEWER', {
      where,
      what: `the run has format ${format}, this program reads up to ${runFormat}`,
      remedy: 'Open it with a newer HiSo Studio',
    })
  const result = wholeRecordSchema.safeParse(data)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new HisoError('RUN_CORRUPT', {
    where,
    what: `${issue!.path.join('.') || 'the file'}: ${issue!.message}`,
    remedy,
  })
}

const remedy =
  'Restore it from a copy, or play the run again: hiso run with this folder as its config, and another folder as --out'

function parse(text: string, where: string): unknown {
  try {
    return parseJson(text)
  } catch (cause) {
    throw new HisoError('RUN_CORRUPT', {
      where,
      what: `this is not valid JSON: ${messageOf(cause)}`,
      remedy,
      cause,
    })
  }
}
