export {
  recordRound,
  type RoundRecord,
  type RoundToWalk,
  type WalkParticipant,
  type WalkState,
} from './recordRound.ts'
export { stepsOf } from './steps.ts'
export type { WalkFigure, WalkMessage, WalkPicture, WalkPlace, WalkStep } from './walkStep.ts'
