export { createNodeHost, type NodeHostOptions } from './nodeHost.ts'
export { largestWorkerCount, resolveProvider } from './providers.ts'
export type { ProviderReport, ProviderRequest, ProviderTrial } from './providers.ts'
export { openSession, providers, type Provider, type SessionOptions } from './sessions.ts'
