/**
 * A lesson as data: pages of text, the runs that they show, and questions that are answered before
 * the truth is seen. docs/lesson.schema.json is generated from this.
 */
import { z } from 'zod'
import { count, field } from '../config/index.ts'
import { curveNames } from './measures.ts'
import { stageCharts, stageViews } from './stage.ts'

/** Raised when an older program would misread a lesson. */
export const lessonFormat = 1

const words = (longest: number) => z.string().min(1).max(longest)
const group = z.record(z.string(), z.unknown())
const runName = z.string().regex(/^[A-Za-z][A-Za-z0-9-]*$/, {
  message: 'must be a name of letters, digits and hyphens, such as hiso',
})

const run = z.strictObject({
  title: field(words(40).optional(), {
    label: 'Title',
    help: 'What charts call the run; what tells it from the others if left out.',
  }),
  preset: field(words(80).optional(), {
    label: 'Preset',
    help: 'The preset that the run is, before the changes of `set`.',
  }),
  of: field(runName.optional(), {
    label: 'Of',
    help: 'Another run of this lesson that this one is, before the changes of `set`.',
  }),
  config: field(group.optional(), {
    label: 'Config',
    help: 'The whole config, as in a file of its own.',
  }),
  set: field(group.default({}), {
    label: 'Set',
    help: 'Changes, laid over the config key by key, as `compare` of a config.',
  }),
})

const show = z.strictObject({
  view: field(z.enum(stageViews), { label: 'View', help: 'What is seen beside the page.' }),
  runs: field(z.array(runName).max(12).default([]), {
    label: 'Runs',
    help: 'The runs on stage, by name; Compare takes several, the other views the first.',
  }),
  charts: field(z.array(z.enum(stageCharts)).min(1).optional(), {
    label: 'Charts',
    help: 'The charts of Watch that are seen; all if left out.',
  }),
  scale: field(z.enum(['linear', 'log']).optional(), {
    label: 'Scale',
    help: 'How the loss axis of Watch and Compare counts; as the losses need it if left out.',
  }),
  controls: field(z.boolean().default(false), {
    label: 'Controls',
    help: 'Whether Run, Pause, sliders and the other controls of the view can be used.',
  }),
  round: field(count(1).optional(), {
    label: 'Round',
    help: 'The round that Wire and Walk show, counted from one; the last if left out.',
  }),
  step: field(count(1).optional(), {
    label: 'Step',
    help: 'The step of Walk, counted from one.',
  }),
})

const ask = field(words(2000), {
  label: 'Question',
  help: 'Markdown. Asks for a prediction: what comes is hidden until it is made.',
})
const because = field(words(4000), {
  label: 'Because',
  help: 'Markdown. Seen after the answer: what came, and why.',
})
const scale = z.enum(['linear', 'log']).default('linear')

const question = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('choice'),
    ask,
    options: field(z.array(words(300)).min(2).max(6), {
      label: 'Options',
      help: 'What can be chosen. Markdown of one line.',
    }),
    answer: field(count(1, 6), {
      label: 'Answer',
      help: 'Which option is right, counted from one.',
    }),
    because,
  }),
  z.strictObject({
    kind: z.literal('number'),
    ask,
    from: field(z.number(), { label: 'From', help: 'The left end of the slider.' }),
    to: field(z.number(), { label: 'To', help: 'The right end of the slider.' }),
    scale: field(scale, { label: 'Scale', help: 'How the slider counts.' }),
    unit: field(words(40).optional(), { label: 'Unit', help: 'Behind the number.' }),
    answer: field(z.union([z.number(), words(200)]), {
      label: 'Answer',
      help: 'A number, or a measure of a run such as `totalBytes hiso`, or one over another: `fedAvgBytes hiso / totalBytes hiso`.',
    }),
    because,
  }),
  z.strictObject({
    kind: z.literal('curve'),
    ask,
    answer: field(
      z.strictObject({
        curve: field(z.enum(curveNames), {
          label: 'Curve',
          help: 'What is drawn over the rounds.',
        }),
        run: field(runName, { label: 'Run', help: 'Whose curve it is.' }),
      }),
      { label: 'Answer', help: 'The curve that the run then gives.' },
    ),
    from: field(z.number(), { label: 'From', help: 'The lower end of the vertical axis.' }),
    to: field(z.number(), { label: 'To', help: 'The upper end of the vertical axis.' }),
    scale: field(scale, { label: 'Scale', help: 'How the vertical axis counts.' }),
    because,
  }),
])

const page = z.strictObject({
  title: field(words(120), { label: 'Title', help: 'The heading of the page.' }),
  text: field(words(8000), {
    label: 'Text',
    help: 'Markdown with formulas between $ signs. {{totalBytes hiso}} is what that run really gave.',
  }),
  show: field(show.optional(), {
    label: 'Show',
    help: 'What is seen beside the page; if left out, what was there before stays.',
  }),
  question: field(question.optional(), {
    label: 'Question',
    help: 'A prediction to make before the page shows what it shows.',
  }),
  checkpoint: field(z.boolean().default(false), {
    label: 'Checkpoint',
    help: 'A page to which one can come back, with everything as it was then.',
  }),
})

export const lessonSchema = z.strictObject({
  format: field(z.literal(lessonFormat), {
    label: 'Format',
    help: 'The version of this form of lessons.',
  }),
  title: field(words(80), { label: 'Title', help: 'What the lesson is called.' }),
  summary: field(words(300), {
    label: 'Summary',
    help: 'One sentence: what one knows afterwards.',
  }),
  minutes: field(count(1, 240), { label: 'Minutes', help: 'How long it takes.', unit: 'minutes' }),
  runs: field(z.record(runName, run).default({}), {
    label: 'Runs',
    help: 'The runs of the lesson, by the names that pages call them.',
  }),
  pictures: field(
    z
      .record(
        z.string(),
        z.string().regex(/^data:image\/(png|jpeg|webp|gif);base64,[A-Za-z0-9+/]+=*$/, {
          message:
            'must be a picture as data: data:image/png;base64,… (png, jpeg, webp or gif). A lesson is one file and names no others',
        }),
      )
      .default({}),
    {
      label: 'Pictures',
      help: 'Pictures as data, by the names that texts call them: ![what it shows](name).',
    },
  ),
  played: field(
    z
      .record(
        runName,
        z.string().regex(/^[\w-]+$/, {
          message: 'must be a whole run as the app writes it: save the lesson with its runs again',
        }),
      )
      .default({}),
    {
      label: 'Played',
      help: 'Runs that come along, whole, as base64url of their .hiso files: Save for students with its runs writes them. They are unpacked into the library when the file is opened.',
    },
  ),
  pages: field(z.array(page).min(1).max(60), { label: 'Pages', help: 'From first to last.' }),
})

export type LessonData = z.output<typeof lessonSchema>
export type LessonPage = LessonData['pages'][number]
export type LessonQuestion = z.output<typeof question>
export type QuestionOfKind<Kind extends LessonQuestion['kind']> = Extract<
  LessonQuestion,
  { readonly kind: Kind }
>
