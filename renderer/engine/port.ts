/**
 * What the app needs of an engine, wherever it runs; engineClient.ts is it over a MessagePort,
 * testing/fakeEngine.ts a rehearsed one.
 */
import type { EngineClient } from './engineClient.ts'

export type EnginePort = Pick<EngineClient, 'state' | 'request' | 'listen' | 'listenToState'>
