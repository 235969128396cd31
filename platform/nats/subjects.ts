/** The subjects under which machines and runs of a cluster find each other, and what passes. */
import { parseJson } from '../../core/base/index.ts'
import { z } from 'zod'

export const subjects = {
  /** Who wants workers asks here. */
  find: 'hiso.machines.find',
  /**
   * Machines introduce themselves here: when asked, when they start, when a worker is free again.
   */
  here: 'hiso.machines.here',
  /** Whether a machine is alive. */
  ping: (machine: string) => `hiso.machines.${machine}.ping`,
  /** Requests to one of its workers. */
  worker: (machine: string, worker: number) => `hiso.machines.${machine}.worker.${worker}`,
  /** Requests for parts of a run's files. */
  files: (session: string) => `hiso.runs.${session}.files`,
} as const

/** What stands before each request to a worker: whose it is, and what it wants. */
const envelopeSchema = z.object({
  session: z.string().regex(/^[\w-]{1,64}$/),
  type: z.enum(['request', 'leave']),
  request: z.instanceof(Uint8Array<ArrayBufferLike>).optional(),
})

/** @throws ZodError for what no run sends: it is not answered, and takes no worker */
export const readEnvelope = (data: unknown) => envelopeSchema.parse(data)

const introductionSchema = z.object({
  id: z.string().regex(/^[\w-]{1,64}$/),
  name: z.string().min(1).max(200),
  cores: z.int().min(1),
  workers: z.int().min(1).max(1024),
  version: z.string().max(100),
  system: z.string().max(100),
  /** Workers that are free. */
  free: z.array(z.int().min(0).max(1023)),
})

export type Introduction = z.infer<typeof introductionSchema>

/** @returns undefined for what is none */
export function readIntroduction(text: string): Introduction | undefined {
  try {
    return introductionSchema.safeParse(parseJson(text)).data
  } catch {
    return undefined
  }
}
