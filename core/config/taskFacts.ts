/**
 * What the program knows of each kind of task besides its settings. Faces read these facts and
 * never branch on a kind's name.
 */
import type { Users } from './field.ts'
import type { TaskSettings } from './task.ts'

export type TaskKind = TaskSettings['kind']

/** The settings of one kind. */
export type SettingsOfKind<Kind extends TaskKind> = Extract<TaskSettings, { kind: Kind }>

/** Kinds that name a dataset and a model. */
export type SampledTask = Extract<TaskSettings, { dataset: string; model: string }>

/** Kinds whose samples are texts. */
export type TextTask = Extract<TaskSettings, { template: string }>

export interface TaskFacts {
  /** As screens call it. */
  readonly title: string
  /**
   * Learns from samples of a dataset, which a split deals out to the clients. Without: each client
   * is made from a random stream.
   */
  readonly hasSamples: boolean
  /** Evaluations count right answers. */
  readonly hasAccuracy: boolean
  /** Samples are texts: a template makes prompts of them, a tokenizer tokens. */
  readonly hasTexts: boolean
  /** Others may have trained the model before: it is evaluated before the first round. */
  readonly isPretrained: boolean
  /** Convolutions may keep their data in blocks (`compute.layout`). */
  readonly hasLayouts: boolean
}

/** Facts about settings follow from the schema: a record that contradicts it doesn't compile. */
type CheckedFacts<Settings> = TaskFacts & {
  readonly hasSamples: Settings extends SampledTask ? true : false
  readonly hasTexts: Settings extends TextTask ? true : false
}

export const taskFacts: {
  readonly [Kind in TaskKind]: CheckedFacts<SettingsOfKind<Kind>>
} = {
  classification: {
    title: 'Classification',
    hasSamples: true,
    hasAccuracy: true,
    hasTexts: false,
    isPretrained: false,
    hasLayouts: true,
  },
  language: {
    title: 'Language model',
    hasSamples: true,
    hasAccuracy: true,
    hasTexts: true,
    isPretrained: true,
    hasLayouts: false,
  },
  quadratic: {
    title: 'Quadratic',
    hasSamples: false,
    hasAccuracy: false,
    hasTexts: false,
    isPretrained: false,
    hasLayouts: false,
  },
}

export const factsOfTask = ({ kind }: Pick<TaskSettings, 'kind'>): TaskFacts => taskFacts[kind]

/** For configs that may not be valid yet. @param kind whatever stands in `task.kind` */
export function factsOfKind(kind: unknown): TaskFacts | undefined {
  return typeof kind === 'string' && Object.hasOwn(taskFacts, kind)
    ? taskFacts[kind as TaskKind]
    : undefined
}

/** Of settings that only samples need. An unknown kind counts as having some. */
export const ifSampled: Users = {
  who: 'tasks with samples',
  is: ({ kind }) => factsOfKind(kind)?.hasSamples !== false,
}

/** Of settings for data in blocks. */
export const ifLaidOut: Users = {
  who: 'models of images',
  is: ({ kind }) => factsOfKind(kind)?.hasLayouts === true,
}

export function hasSamples(task: TaskSettings): task is SampledTask {
  return taskFacts[task.kind].hasSamples
}

export function hasTexts(task: TaskSettings): task is TextTask {
  return taskFacts[task.kind].hasTexts
}

/** The kind for samples that are texts, or numbers. */
export function kindForSamples(samples: 'texts' | 'numbers'): TaskKind {
  const kinds = Object.keys(taskFacts) as TaskKind[]
  return kinds.find((kind) => {
    const facts: TaskFacts = taskFacts[kind]
    return facts.hasSamples && facts.hasTexts === (samples === 'texts')
  })!
}
