export { evaluate, piecesOf, readExpression, type Expression, type Value } from './expression.ts'
export {
  checkLesson,
  parseLesson,
  runsOfPage,
  type Lesson,
  type LessonCheck,
  type PresetText,
} from './lesson.ts'
export {
  lessonFormat,
  type LessonData,
  type LessonPage,
  type LessonQuestion,
  type QuestionOfKind,
} from './lessonSchema.ts'
export { curveOf, measureOf, type CurveName, type MeasuredRun, type Quantity } from './measures.ts'
export { stageCharts, stageViews, type StageChart, type StageView } from './stage.ts'
