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

/** Their kind's value. The compiler can't follow the kind through the map, hence the cast. */
export const taskOf = ({ kind }: Pick<TaskSettings, 'kind'>): Task => tasks[kind] as Task
