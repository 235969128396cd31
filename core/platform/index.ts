export { createNodeHost, type NodeHostOptions } from './nodeHost.ts'
export { resolveProvider, type ProviderReport, type ProviderTrial } from './providers.ts'
export { openSession, providers, type Provider, type SessionOptions } from './sessions.ts'
