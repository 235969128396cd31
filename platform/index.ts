export { openInLayout, type SessionInLayout } from './layouts.ts'
export { createNodeHost, type NodeHostOptions } from './nodeHost.ts'
export { largestWorkerCount, resolveProvider } from './providers.ts'
export type { ProviderReport, ProviderRequest, ProviderTrial } from './providers.ts'
export { openSession, providers, type Provider, type SessionOptions } from './sessions.ts'
export { openGradientSession } from './gradientSession.ts'
export { openGraphRunner } from './graphRunner.ts'
export {
  forkReader,
  type Reader,
  type ReaderSettings,
  type StartReader,
} from './quarantine/index.ts'
