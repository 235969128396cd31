/** A task that is open in a worker, and what the worker reports of it. */
import type { Layout, Provider } from '../config/index.ts'
import type { Preprocessing, SharedSequences } from '../data/index.ts'
import type { TensorShape } from '../methods/index.ts'
import type { Objective } from '../model/index.ts'
import type { Pass } from './choosePass.ts'

/** What goes into a model and comes out of it, as people write it. */
export interface TaskInputs {
  readonly preprocessing: Preprocessing
  /** A name for each output, in order. */
  readonly classes: readonly string[]
}

/** What every client's samples must look like. */
export interface SampleForm {
  /** [channels, height, width] of an image, or [columns]. */
  readonly shape: readonly number[]
  readonly classes: number
  /** Of the classes, in the order of the outputs; left out where they are many. */
  readonly classNames?: readonly string[] | undefined
}

export interface TaskReport {
  readonly trainables: readonly TensorShape[]
  readonly fingerprints: TaskFingerprints
  /** What the inference runtime was given to keep: the graph, and frozen weights; 0 without one. */
  readonly graphBytes: number
  /** Where forward passes run; undefined for an objective that needs no inference runtime. */
  readonly provider: Exclude<Provider, 'auto'> | undefined
  /** How convolutions keep their data; undefined likewise. */
  readonly layout: Exclude<Layout, 'auto'> | undefined
  /** Probes that share a forward pass; undefined for methods whose probes never do. */
  readonly pass?: Pass | undefined
  /** What the values of a shared pass take, by plan. */
  readonly passBytes?: number
  /** Left out where a model takes no numbers of a file. */
  readonly inputs?: TaskInputs
  /** Left out where a task's samples are not numbers with a class. */
  readonly sampleForm?: SampleForm
  /** How things are, a line each. */
  readonly information?: readonly string[]
  /** What asks for a look, a line each. */
  readonly notices: readonly string[]
  /** A language task's rows of tokens, for the workers that are started after this one. */
  readonly texts?: SharedSequences
}

/** SHA-256 of what a run begins with, in hexadecimal. */
export interface TaskFingerprints {
  readonly dataset?: string
  readonly model: string
}

/** What a first worker has opened already: the next ones need not make it again. */
export type SharedReport = Pick<TaskReport, 'texts' | 'fingerprints'>

export interface OpenedTask extends TaskReport {
  readonly objective: Objective
}
