/**
 * A kind of task as one value: everything that the program does with what a config's `task` names.
 * Code above core/tasks asks the value; it never looks at the kind.
 */
import type { Host } from '../base/index.ts'
import type {
  RunConfig,
  SettingsOfKind,
  SplitSettings,
  TaskFacts,
  TaskKind,
} from '../config/index.ts'
import type { DatasetPreview } from '../data/index.ts'
import type { BaseModel } from './baseModel.ts'
import type { TextPreview } from './language/textPreview.ts'
import type { MinibatchAddress, ShownMinibatch } from './minibatch.ts'
import type { ModelPreview } from './modelPreview.ts'
import type { PictureModel } from './pictureModel.ts'
import type { OpenedLoss, OpenedSurface } from './openedSurface.ts'
import type { OpenedTask, SharedReport } from './openedTask.ts'
import type { LabelledSamples } from './split.ts'
import type { TaskHost } from './taskHost.ts'

export type ConfigOf<Kind extends TaskKind> = RunConfig & { readonly task: SettingsOfKind<Kind> }

export interface Task<Kind extends TaskKind = TaskKind> {
  readonly facts: TaskFacts
  /**
   * Opens what a worker learns from: data, its split, the model, and the objective made of them.
   * @param first what another worker has reported of the same task already
   * @throws HisoError DATA_…, MODEL_…
   */
  open(config: ConfigOf<Kind>, host: TaskHost, first?: SharedReport): Promise<OpenedTask>
  readonly preview: TaskPreview<Kind>
  /**
   * @param samples how many training samples, all clients' together; no more than there are
   * @throws HisoError DATA_…, MODEL_…
   */
  loss(config: ConfigOf<Kind>, samples: number, host: TaskHost): Promise<OpenedLoss>
  /**
   * The same loss with its gradient.
   * @param samples as of `loss`
   * @throws HisoError DATA_…, MODEL_…; MODEL_UNSUPPORTED names an operator without a gradient
   */
  surface(config: ConfigOf<Kind>, samples: number, host: TaskHost): Promise<OpenedSurface>
  /**
   * The model that a run begins with, without its samples.
   * @throws HisoError MODEL_… (UNSUPPORTED where there is none), DATA_… (a classifier's shape comes
   *   from its dataset)
   */
  baseModel(config: Pick<ConfigOf<Kind>, 'task' | 'seed'>, host: Host): Promise<BaseModel>
  /**
   * What clients' minibatches hold, for people to look at; only for kinds with samples.
   * @throws HisoError DATA_…
   */
  minibatches?(
    config: ConfigOf<Kind>,
    host: Host,
  ): Promise<(address: MinibatchAddress) => ShownMinibatch>
  /**
   * The model as one that is asked about a picture; undefined where the samples are none.
   * @throws HisoError DATA_…, MODEL_…
   */
  pictures?(
    config: Pick<ConfigOf<Kind>, 'task' | 'seed' | 'compute'>,
    host: TaskHost,
  ): Promise<PictureModel | undefined>
  /**
   * Parameters that one loss reads; only for objectives without an inference runtime, which may be
   * too cheap for a thread of their own.
   */
  lossSize?(task: SettingsOfKind<Kind>): number
}

/** What can be shown before a run. A kind leaves out the parts that it does not have. */
interface TaskPreview<Kind extends TaskKind = TaskKind> {
  model(config: Pick<ConfigOf<Kind>, 'task' | 'seed'>, host: Host): Promise<ModelPreview>
  /** What a split deals out. */
  samples?(task: SettingsOfKind<Kind>, host: Host, split: SplitSettings): Promise<LabelledSamples>
  /** Samples of numbers. */
  dataset?(task: SettingsOfKind<Kind>, host: Host): Promise<DatasetPreview>
  /** @param templateText a template that is being written, in place of the task's */
  texts?(task: SettingsOfKind<Kind>, host: Host, templateText?: string): Promise<TextPreview>
}
