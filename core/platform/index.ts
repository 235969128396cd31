export { openSession, providers, type Provider, type SessionOptions } from './sessions.ts'
