/**
 * Questions whose answers are in files that may have come from anywhere. The host asks them in a
 * process that it can throw away (`EngineHost.quarantine`): a file that takes for ever, or all
 * memory, costs an answer and no run.
 */
import type { ErrorData } from '../base/index.ts'
import type { RunConfig } from '../config/index.ts'
import type { Cancellation } from '../hub/index.ts'
import {
  describeTexts,
  previewDataset,
  type DatasetPreview,
  type DatasetSettings,
  type TextsSummary,
} from '../data/index.ts'
import { inspectModel, type ModelSummary } from '../model/index.ts'
import {
  describeDecoder,
  openSamples,
  previewModel,
  previewNumbers,
  previewTexts,
  type DecoderDescription,
} from '../tasks/index.ts'
import { describeRunFile } from './after/runFileReport.ts'
import { describeTrial, tryModel } from './after/tryModel.ts'
import { estimateRun, previewSplit } from './before/preview.ts'
import { recogniseFile } from './before/recogniseFile.ts'
import type { EngineHost } from './engineHost.ts'
import type { EngineRequests } from './protocol/protocol.ts'
import { isPath } from './readForeign.ts'

/** Each question: its argument and its answer, both plain data. */
type Questions = Pick<
  EngineRequests,
  | 'previewDataset'
  | 'recogniseFile'
  | 'previewSplit'
  | 'previewModel'
  | 'previewText'
  | 'estimateRun'
  | 'describeRunFile'
  | 'describeTrial'
  | 'tryModel'
> & {
  inspectDataset(of: DatasetSettings): DatasetPreview
  describeTexts(of: { readonly dataset: string }): TextsSummary
  describeDecoder(of: { readonly model: string }): DecoderDescription
  inspectModel(of: { readonly path: string }): ModelSummary
  /** Whatever is wrong with a task's files, before a run opens them. */
  readTask(of: { readonly config: RunConfig }): void
}

export type QuestionName = keyof Questions
export type Question<Name extends QuestionName> = Parameters<Questions[Name]>[0]
export type QuestionAnswer<Name extends QuestionName> = ReturnType<Questions[Name]>

/**
 * What a question may take, besides what the files that it opens give it: these build what the
 * config says, and play rounds of it.
 */
export const buildsModels: ReadonlySet<QuestionName> = new Set([
  'previewModel',
  'estimateRun',
  'tryModel',
  'readTask',
])

export type Ask = <Name extends QuestionName>(
  name: Name,
  question: Question<Name>,
  cancellation?: Cancellation,
) => Promise<QuestionAnswer<Name>>

/** The host's quarantine with the types of its questions. */
export function inQuarantine({ quarantine }: Pick<EngineHost, 'quarantine'>): Ask {
  return quarantine.ask as Ask
}

/** A question on its way to the process that answers it, as plain data. */
export interface ReaderRequest {
  readonly name: QuestionName
  readonly question: unknown
  /** Whether the config, too, says how much there is to do. */
  readonly buildsModels: boolean
}

/** What reading may take. */
export interface ReaderLimits {
  readonly bytes: number
  readonly ms: number
}

/** From that process. */
export type ReaderMessage =
  | { readonly kind: 'answer'; readonly result: unknown }
  | { readonly kind: 'failure'; readonly error: ErrorData }
  /** It took too much, and ends. */
  | {
      readonly kind: 'exceeded'
      readonly what: keyof ReaderLimits
      readonly limits: ReaderLimits
    }

type Readers = {
  readonly [Name in QuestionName]: (
    question: Question<Name>,
    host: EngineHost,
  ) => Promise<QuestionAnswer<Name>>
}

const readers: Readers = {
  previewDataset: ({ config }, host) => previewNumbers(config, host),
  inspectDataset: (settings, host) => previewDataset(settings, host),
  recogniseFile: ({ path }, host) => recogniseFile(path, host),
  previewSplit: ({ config }, host) => previewSplit(config, host),
  previewModel: ({ config }, host) => previewModel(config, host),
  previewText: ({ config, template }, host) => previewTexts(config, host, template),
  estimateRun: ({ config }, host) => estimateRun(config, host),
  describeRunFile: ({ path }, host) => describeRunFile(path, host),
  describeTrial: (asked, host) => describeTrial(host, asked),
  tryModel: ({ of, fields }, host) => tryModel(host, of, fields),
  describeTexts: ({ dataset }, { files }) => describeTexts(dataset, files),
  describeDecoder: ({ model }, host) => describeDecoder(model, host),
  inspectModel: async ({ path }, { files }) => inspectModel(await files.read(path)),
  readTask: async ({ config }, host) => {
    await openSamples(config, host)
    if (isPath((config.task as { readonly model?: string }).model)) await previewModel(config, host)
  },
}

/** Answers in the calling process: the host's disposable one, or a test's. @throws HisoError */
export function answerQuestion<Name extends QuestionName>(
  name: Name,
  question: Question<Name>,
  host: EngineHost,
): Promise<QuestionAnswer<Name>> {
  const reader: Readers[Name] = readers[name]
  return reader(question, host)
}
