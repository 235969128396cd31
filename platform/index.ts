export { openInLayout } from './layouts.ts'
export { unwritable } from './fileErrors.ts'
export { makeFolder } from './makeFolder.ts'
export {
  joinFederation,
  offerMachine,
  openFederation,
  type JoinOptions,
  type OfferedMachine,
  type OfferOptions,
} from './nats/index.ts'
export { createNodeHost } from './nodeHost.ts'
export { resolveProvider } from './providers.ts'
export { openSession } from './sessions.ts'
export { openGradientSession } from './gradientSession.ts'
export { openGraphRunner } from './graphRunner.ts'
export { forkReader, type Reader } from './quarantine/index.ts'
export { destinationOf, type Destination } from './replaceFile.ts'
