/**
 * Which output of a model stands for which class of a dataset: by name, or by the number that the
 * label is, never by the rank of the labels that happen to occur.
 */
import { HisoError } from '../base/index.ts'

export interface ClassAlignment {
  /** The output of each class. */
  readonly outputs: readonly number[]
  /** A name for each output. */
  readonly names: readonly string[]
  /** The mapping, for people, where it is not plain. */
  readonly information: readonly string[]
  /** What asks for a look. */
  readonly notices: readonly string[]
}

/**
 * @param classes names of the dataset's classes
 * @param numbers what stands for each class in the files, where these are numbers beside the names
 * @param outputs how many classes the model tells apart
 * @param names the model's own names of its outputs
 * @throws HisoError MODEL_UNSUPPORTED where a class has no output, or which one can't be told
 */
export function alignClasses(
  classes: readonly string[],
  numbers: readonly number[] | undefined,
  outputs: number,
  names?: readonly string[],
): ClassAlignment {
  if (names !== undefined && classes.every((it) => names.includes(it)))
    return aligned(
      classes,
      classes.map((it) => names.indexOf(it)),
      outputs,
      names,
    )
  if (classes.length > outputs)
    throw misfit(
      `the model tells ${outputs} classes apart, and the data has ${classes.length} (${listed(classes)})`,
      'Choose a model with at least as many classes',
    )
  const labels = numbers ?? wholeNumbers(classes)
  const byNumber = labels?.every((it) => it >= 0 && it < outputs) === true
  if (labels !== undefined && byNumber) return aligned(classes, labels, outputs, names)
  const inOrder = classes.map((_, index) => index)
  if (names !== undefined && labels === undefined)
    throw misfit(
      `the model's classes are called ${listed(names)}, and the data's ${listed(classes)}`,
      'Rename the labels in the data to those of the model, or write the numbers of its outputs',
    )
  if (classes.length === outputs) return aligned(classes, inOrder, outputs, names)
  // Numbers from 1 on are the outputs in their order.
  if (labels?.every((it) => it >= 1 && it <= outputs) === true)
    return aligned(
      classes,
      labels.map((it) => it - 1),
      outputs,
      names,
    )
  throw misfit(
    `the model tells ${outputs} classes apart, and the data has only ${listed(classes)}: which output stands for which class can't be told`,
    `Write the number of its output, 0 to ${outputs - 1}, as the label of each row, or use a model with ${classes.length} outputs`,
  )
}

function misfit(what: string, remedy: string): HisoError {
  return new HisoError('MODEL_UNSUPPORTED', { where: 'task.model', what, remedy })
}

function wholeNumbers(classes: readonly string[]): readonly number[] | undefined {
  return classes.every((it) => /^-?(0|[1-9]\d*)$/.test(it)) ? classes.map(Number) : undefined
}

function aligned(
  classes: readonly string[],
  outputs: readonly number[],
  count: number,
  names: readonly string[] | undefined,
): ClassAlignment {
  const all = Array.from({ length: count }, (_, output) => {
    const index = outputs.indexOf(output)
    return index < 0 ? (names?.[output] ?? `output ${output}`) : classes[index]!
  })
  // Labels that are the outputs' own numbers, or their names, need no explanation.
  const isPlain = outputs.every(
    (output, index) => classes[index] === String(output) || classes[index] === names?.[output],
  )
  const unused = count - classes.length
  const mapping = classes.map((name, index) => `${name} → ${outputs[index]}`)
  return {
    outputs,
    names: all,
    information: isPlain ? [] : [`Classes and the model's outputs: ${listed(mapping)}.`],
    notices:
      unused === 0
        ? []
        : [
            `${unused} of the model's ${count} outputs stand for classes that the data does not have.`,
          ],
  }
}

const shown = 12

function listed(names: readonly string[]): string {
  const list = names.slice(0, shown).map((it) => (it.length > 40 ? `${it.slice(0, 40)}…` : it))
  const rest = names.length - list.length
  return `${list.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}
