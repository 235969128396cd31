/** An engine's host for tests: files in memory, workers in this thread. */
import { openWorker, type EngineHost } from '../engine/index.ts'
import { memoryHost } from './memoryFiles.ts'

/** @param entries content by path, as `memoryFiles` takes it */
export function memoryEngineHost(
  entries: Readonly<Record<string, Uint8Array | string>> = {},
): EngineHost {
  const host: EngineHost = {
    ...memoryHost(entries),
    cores: 2,
    memoryBytes: 2 ** 30,
    residentBytes: () => 0,
    environment: { hiso: 'test' },
    largestWorkerCount: () => Infinity,
    openSession: () => Promise.reject(noRuntime()),
    openGradientSession: () => Promise.reject(noRuntime()),
    openRunner: () => Promise.reject(noRuntime()),
    startWorker: (config) => openWorker(config, host),
  }
  return host
}

function noRuntime(): Error {
  return new Error('tests in memory have no inference runtime')
}
