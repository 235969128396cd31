export {
  isInTime,
  isLate,
  isReached,
  roundTimes,
  type ClockSettings,
  type ParticipantTraffic,
  type RoundTimes,
} from './roundTimes.ts'
