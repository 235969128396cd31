/** All kinds of task. A new kind is one line here, its schema and its facts in core/config. */
import type { TaskKind, TaskSettings } from '../config/index.ts'
import { classification } from './classification/classification.ts'
import { language } from './language/language.ts'
import { quadratic } from './quadratic/quadratic.ts'
import type { Task } from './task.ts'

export const tasks: { readonly [Kind in TaskKind]: Task<Kind> } = {
  classification,
  language,
  quadratic,
}

/** The value for these settings: their own kind, which the compiler can't follow through the map. */
export const taskOf = ({ kind }: Pick<TaskSettings, 'kind'>): Task => tasks[kind] as Task
