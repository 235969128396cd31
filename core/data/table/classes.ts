/** Which classes the labels of a table name, and in which order. */
import { HisoError } from '../../base/index.ts'
import { excerpt, isCode, isMissing, isNumber, isTruth, labelKey } from './cell.ts'

export interface Classes {
  /** The distinct labels: ascending numbers if all of them are numbers, else text by code unit. */
  readonly classes: readonly string[]
  /** For each distinct text the index of its class. */
  readonly indices: readonly number[]
  /** What to tell people of the labels. */
  readonly notices: readonly string[]
}

/**
 * Numbers are classes by value, so `1` and `1.0` are one; codes such as `01` are texts, and `01`
 * and `1` are two.
 *
 * @param labels distinct texts
 */
export function classesOf(labels: readonly string[]): Classes {
  const areNumbers = labels.every(isNumber) && !labels.some(isCode)
  if (areNumbers) {
    const numbers = [...new Set(labels.map(Number))].sort((left, right) => left - right)
    const order = new Map(numbers.map((number, index) => [number, index]))
    return {
      classes: numbers.map(String),
      indices: labels.map((label) => order.get(Number(label))!),
      notices: spellings(labels, numbers.length),
    }
  }
  // The default order of sort() compares code units, so it does not depend on the reader's
  // language.
  const classes = [...labels].sort()
  const order = new Map(classes.map((label, index) => [label, index]))
  return {
    classes,
    indices: labels.map((label) => order.get(label)!),
    notices: [...codes(labels), ...words(labels)],
  }
}

function spellings(labels: readonly string[], classes: number): string[] {
  if (labels.length === classes) return []
  const twice = labels.find((label, index) =>
    labels.some((other, at) => at < index && Number(other) === Number(label)),
  )!
  const other = labels.find((it) => it !== twice && Number(it) === Number(twice))!
  return [`Labels that are the same number are one class, such as "${other}" and "${twice}".`]
}

function codes(labels: readonly string[]): string[] {
  if (!labels.every(isNumber)) return []
  const code = labels.find(isCode)!
  return [
    `The labels are codes, such as "${excerpt(code)}": texts that differ are different classes, even where they are the same number.`,
  ]
}

/** The label without what a reader hardly sees: case, spaces, invisible letters, Unicode forms. */
const essence = (label: string) =>
  label
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{Cf}]+/gu, '')

/** With a code for each letter that shows little or nothing of itself. */
const visible = (label: string) =>
  excerpt(label).replace(
    /[\p{Cf}\p{M}]|(?! )\s/gu,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** The number that a label means, be it a truth value. */
const meaning = (label: string) => {
  const key = labelKey(label)
  return isTruth(key) ? String(Number(key === 'true')) : key
}

/** Pairs of labels that share a key. */
function pairs(labels: readonly string[], keyOf: (label: string) => string): string[] {
  const seen = new Map<string, string>()
  return labels.flatMap((label) => {
    const key = keyOf(label)
    const before = seen.get(key)
    seen.set(key, label)
    return before === undefined ? [] : [`"${visible(before)}" and "${visible(label)}"`]
  })
}

function words(labels: readonly string[]): string[] {
  const alike = pairs(labels, essence)
  const plain = [...new Map(labels.map((label) => [essence(label), label])).values()]
  const same = labels.every(isNumber) ? [] : pairs(plain, meaning)
  const missing = labels.filter(isMissing)
  return [
    ...(same.length === 0
      ? []
      : [
          `Labels that may mean the same are different classes: ${same.slice(0, 3).join(', ')}. Write them in one way if they are one.`,
        ]),
    ...(alike.length === 0
      ? []
      : [
          `Labels that differ only in case, spaces or invisible letters are different classes: ${alike.slice(0, 3).join(', ')}.`,
        ]),
    ...(missing.length === 0
      ? []
      : [
          `The label ${missing.map((it) => `"${it}"`).join(', ')} is taken as the name of a class, not as a missing value.`,
        ]),
  ]
}

/** @throws HisoError DATA_INVALID where the column can't be the class */
export function refuseUnusableClasses(
  classes: readonly string[],
  rows: number,
  label: string,
  file: string,
): void {
  const remedy = 'Choose the column that holds the class with task.labelColumn'
  if (classes.length < 2)
    throw new HisoError('DATA_INVALID', {
      where: file,
      what: `the label column "${label}" holds only one class, "${excerpt(classes[0]!)}"`,
      remedy,
    })
  if (rows >= 10 && classes.length > rows / 2)
    throw new HisoError('DATA_INVALID', {
      where: file,
      what: `the label column "${label}" holds ${classes.length} different values in ${rows} rows, so they are not classes`,
      remedy,
    })
}
