export { createLogWorker } from './logWorker.ts'
export { recordRound, type RoundRecord } from './recordRound.ts'
export { stepsOf } from './steps.ts'
export type { WalkFigure, WalkStep } from './walkStep.ts'
