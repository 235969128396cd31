export { askWorker, callingWorker, isWorkerMethod } from './callingWorker.ts'
export {
  participantsAmong,
  type Attendance,
  type RoundAttendance,
  type RoundWaits,
} from './attendance.ts'
export { createAggregator } from './aggregation/index.ts'
export { attackersOf } from './attack/index.ts'
export { drawDirection, drawDirections, openDrawing } from './drawDirection.ts'
export { divergenceRemedy } from './divergence.ts'
export { createExchange } from './createExchange.ts'
export type { Exchange, FrameLengths, PassSize, RoundCall } from './exchange.ts'
export {
  createReplica,
  createWorker,
  replicaCapacity,
  sharedCapacity,
  workerCapacity,
  workerNearCapacity,
  type AnyReplicaPlan,
  type WorkerPlan,
} from './createWorker.ts'
export type { AnyReplica } from './replicaWorker.ts'
export { CatchUpRule, missedOf, sentVectorsOf, snapshotShape, type CatchUp } from './catchUp.ts'
export { hasDeadline, simulatedAttendance, timedRounds } from './networkAttendance.ts'
export { forecastNetwork, usualCatchUpBytes, type NetworkForecast } from './networkForecast.ts'
export { roundSeedOf } from './participation.ts'
export { isPerCoordinate, Replica, scalarReplicaCapacity } from './replica.ts'
export type { ReplicaPlan } from './replicaPlan.ts'
export { snapshotBytes, type ReplicaSnapshot } from './snapshot.ts'
export { createSharedState, type WorkerSlot, type SharedState } from './sharedState.ts'
export {
  closeRound,
  FederationStopped,
  gatherRound,
  playRound,
  type GatheredRound,
  type PlayedRound,
  type RealClients,
  type RoundResult,
} from './round.ts'
export { Server, type ServerConfig } from './server.ts'
export {
  lossCount,
  lossesOf,
  type CurvatureOrder,
  type LossOrder,
  type OwnWorker,
  type RoundWorker,
  type TrainOrder,
  type TrainedClient,
} from './worker.ts'
export type { Patience } from './sharing.ts'
export { WorkerPool, type Guest, type SpawnWorker } from './workerPool.ts'
