/**
 * Reads a lesson: what the schema can't see - runs that are not there, configs that do not
 * validate, answers outside their range, pictures that are missing - is an issue too, at its path.
 */
import {
  checkAgainst,
  checkRunConfig,
  invalidConfig,
  longestLesson,
  overlay,
  readConfigText,
  suggestion,
  type ConfigIssue,
  type RunConfig,
} from '../config/index.ts'
import { HisoError } from '../base/index.ts'
import { piecesOf, readExpression, runsOf } from './expression.ts'
import {
  lessonFormat,
  lessonSchema,
  type LessonData,
  type LessonPage,
  type LessonQuestion,
} from './lessonSchema.ts'

export interface Lesson extends LessonData {
  /** The config of each run. */
  readonly configs: ReadonlyMap<string, RunConfig>
}

/** The text of a preset by its name; undefined where there is none. */
type PresetText = (name: string) => string | undefined

type LessonCheck = { readonly lesson: Lesson } | { readonly issues: readonly ConfigIssue[] }

/**
 * @param where what the text came from, for the message
 * @throws HisoError CONFIG_UNREADABLE, or CONFIG_INVALID with every issue
 */
export function parseLesson(text: string, where: string, presets: PresetText): Lesson {
  const result = checkLesson(readConfigText(text, where, longestLesson), presets)
  if ('lesson' in result) return result.lesson
  throw invalidConfig(result.issues, where)
}

/** Pages are counted from one, as everywhere that a person reads: 'page 2: question.answer'. */
function withPage({ path, message }: ConfigIssue): ConfigIssue {
  const counted = path.replace(
    /^pages\.(\d+)(\.|$)/,
    (_whole, at: string, rest: string) => `page ${Number(at) + 1}${rest === '' ? '' : ': '}`,
  )
  return { path: counted, message }
}

export function checkLesson(input: unknown, presets: PresetText): LessonCheck {
  const result = check(input, presets)
  return 'lesson' in result ? result : { issues: result.issues.map(withPage) }
}

function check(input: unknown, presets: PresetText): LessonCheck {
  const newer = newerFormat(input)
  if (newer !== undefined) return { issues: [newer] }
  const result = checkAgainst(lessonSchema, input)
  if ('issues' in result) return result
  const { configs, issues } = configsOfRuns(result.data, presets)
  const all = [
    ...issues,
    ...playedOfNobody(result.data),
    ...result.data.pages.flatMap((page, at) => checkPage(page, at, result.data)),
  ]
  return all.length > 0 ? { issues: all } : { lesson: { ...result.data, configs } }
}

function newerFormat(input: unknown): ConfigIssue | undefined {
  const format = (input as { readonly format?: unknown } | null)?.format
  if (typeof format !== 'number' || format <= lessonFormat) return undefined
  return {
    path: 'format',
    message: `is ${format}: a newer HiSo Studio wrote this lesson, and this one reads up to ${lessonFormat}. Update HiSo Studio`,
  }
}

function configsOfRuns({ runs }: LessonData, presets: PresetText) {
  const configs = new Map<string, RunConfig>()
  const issues: ConfigIssue[] = []
  const inputs = new Map<string, unknown>()

  function inputOf(name: string, on: readonly string[]): unknown {
    if (inputs.has(name)) return inputs.get(name)
    const path = `runs.${name}`
    const { preset, of, config, set } = runs[name]!
    const given = [preset, of, config].filter((it) => it !== undefined).length
    if (given !== 1) throw new RunIssue(path, 'must have exactly one of preset, of and config')
    const begin = (): unknown => {
      if (config !== undefined) return config
      if (preset !== undefined) {
        const text = presets(preset)
        if (text === undefined)
          throw new RunIssue(
            `${path}.preset`,
            `is not a preset (got "${preset}"); hiso presets lists them`,
          )
        return withoutCompare(readConfigText(text, `the preset ${preset}`))
      }
      if (runs[of!] === undefined)
        throw new RunIssue(`${path}.of`, unknownRun(of!, Object.keys(runs)))
      if (on.includes(of!) || of === name)
        throw new RunIssue(`${path}.of`, 'goes round in a circle: no run of it has a config')
      return inputOf(of!, [...on, name])
    }
    const input = overlay(begin(), set, `${path}.set`)
    inputs.set(name, input)
    return input
  }

  for (const name of Object.keys(runs)) {
    try {
      const result = checkRunConfig(inputOf(name, []))
      if ('config' in result) configs.set(name, result.config)
      else
        for (const { path, message } of result.issues)
          issues.push({ path: `runs.${name}: ${path}`, message })
    } catch (error) {
      if (error instanceof RunIssue) issues.push(error.issue)
      else if (error instanceof HisoError)
        issues.push({ path: `runs.${name}`, message: `can’t be made: ${error.message}` })
      else throw error
    }
  }
  return { configs, issues }
}

function playedOfNobody({ played, runs }: LessonData): ConfigIssue[] {
  const known = Object.keys(runs)
  return Object.keys(played)
    .filter((name) => !known.includes(name))
    .map((name) => ({ path: `played.${name}`, message: unknownRun(name, known) }))
}

class RunIssue extends Error {
  readonly issue: ConfigIssue
  constructor(path: string, message: string) {
    super(message)
    this.issue = { path, message }
  }
}

function withoutCompare(input: unknown): unknown {
  const { compare: _compare, ...own } = input as Record<string, unknown>
  return own
}

function unknownRun(name: string, known: readonly string[]): string {
  const near = suggestion(name, known)
  return `names the run ${name}, which the lesson does not have${near === undefined ? '' : `; did you mean ${near}?`}`
}

function checkPage(page: LessonPage, at: number, lesson: LessonData): ConfigIssue[] {
  const path = `pages.${at}`
  const runs = Object.keys(lesson.runs)
  const issues: ConfigIssue[] = []
  const { show, question } = page
  if (show !== undefined) {
    for (const [index, name] of show.runs.entries())
      if (!runs.includes(name))
        issues.push({ path: `${path}.show.runs.${index}`, message: unknownRun(name, runs) })
    if (show.view !== 'configure' && show.runs.length === 0)
      issues.push({ path: `${path}.show.runs`, message: `is missing: ${show.view} shows a run` })
    if (show.charts !== undefined && show.view !== 'watch')
      issues.push({
        path: `${path}.show.charts`,
        message: 'is for the view watch only; leave it out',
      })
  }
  issues.push(...checkText(page.text, `${path}.text`, lesson))
  if (question !== undefined) issues.push(...checkQuestion(question, `${path}.question`, lesson))
  return issues
}

function checkQuestion(question: LessonQuestion, path: string, lesson: LessonData): ConfigIssue[] {
  const runs = Object.keys(lesson.runs)
  const issues = [
    ...checkText(question.ask, `${path}.ask`, lesson),
    ...checkText(question.because, `${path}.because`, lesson),
  ]
  if (question.kind === 'choice') {
    if (question.answer > question.options.length)
      issues.push({
        path: `${path}.answer`,
        message: `must be one of the ${question.options.length} options (got ${question.answer})`,
      })
    return issues
  }
  const { from, to, scale } = question
  if (!(from < to))
    issues.push({
      path: `${path}.to`,
      message: `must be more than from (got ${to}, from is ${from})`,
    })
  if (scale === 'log' && from <= 0)
    issues.push({
      path: `${path}.from`,
      message: `must be more than 0 on a log scale (got ${from})`,
    })
  if (question.kind === 'curve') {
    if (!runs.includes(question.answer.run))
      issues.push({ path: `${path}.answer.run`, message: unknownRun(question.answer.run, runs) })
    return issues
  }
  const { answer } = question
  if (typeof answer === 'number' && (answer < from || answer > to))
    issues.push({
      path: `${path}.answer`,
      message: `must lie on the slider, from ${from} to ${to} (got ${answer})`,
    })
  if (typeof answer === 'string') {
    const read = readExpression(answer, runs)
    if (typeof read === 'string') issues.push({ path: `${path}.answer`, message: read })
  }
  return issues
}

/** Pictures and what stands in double braces. */
function checkText(text: string, path: string, { runs, pictures }: LessonData): ConfigIssue[] {
  const wrong = piecesOf(text)
    .filter(({ isExpression }) => isExpression)
    .map((piece) => readExpression(piece.text, Object.keys(runs)))
    .filter((read) => typeof read === 'string')
    .map((message) => ({ path, message }))
  const missing = [...text.matchAll(/!\[[^\]]*\]\(([^)]*)\)/g)]
    .map(([, name]) => name!)
    .filter((name) => !Object.hasOwn(pictures, name))
    .map((name) => ({
      path,
      message: `shows the picture ${name}, which the lesson does not have: put it under pictures`,
    }))
  return [...wrong, ...missing]
}

/** The runs that a page needs, by name: what it shows, asks for and speaks of. */
export function runsOfPage({ show, question, text }: LessonPage, lesson: LessonData): string[] {
  const runs = Object.keys(lesson.runs)
  const texts = [text, ...(question === undefined ? [] : [question.ask, question.because])]
  const spoken = [
    ...texts.flatMap((each) => piecesOf(each).filter((it) => it.isExpression)).map((it) => it.text),
    ...(question?.kind === 'number' && typeof question.answer === 'string'
      ? [question.answer]
      : []),
  ].flatMap((expression) => {
    const read = readExpression(expression, runs)
    return typeof read === 'string' ? [] : runsOf(read)
  })
  const drawn = question?.kind === 'curve' ? [question.answer.run] : []
  return [...new Set([...(show?.runs ?? []), ...drawn, ...spoken])]
}
