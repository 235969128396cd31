/** An engine's host for tests: files in memory, workers in this thread. */
import { HisoError } from '../base/index.ts'
import {
  answerQuestion,
  answerViews,
  openSeat,
  openWorker,
  type EngineHost,
  type QuestionName,
} from '../engine/index.ts'
import { memoryHost } from './memoryFiles.ts'

/** @param entries content by path, as `memoryFiles` takes it */
export function memoryEngineHost(
  entries: Readonly<Record<string, Uint8Array | string>> = {},
): EngineHost {
  const memory = memoryHost(entries)
  const host: EngineHost = {
    ...memory,
    cores: 2,
    memoryBytes: 2 ** 30,
    residentBytes: () => 0,
    environment: { hiso: 'test' },
    largestWorkerCount: () => Infinity,
    openSession: () => Promise.reject(noRuntime()),
    openGradientSession: () => Promise.reject(noRuntime()),
    openRunner: () => Promise.reject(noRuntime()),
    hub: {
      files: memory.files,
      hubSettings: async () => ({ endpoint: 'http://hub', token: undefined, isOffline: true }),
      get: () => Promise.reject(new Error('tests in memory have no network')),
      openPartial: () => Promise.reject(new Error('tests in memory download nothing')),
      freeBytes: async () => undefined,
      digest: () => memory.sha256(),
      now: () => 0,
      wait: async () => {},
    },
    quarantine: {
      isElsewhere: false,
      ask: (name, question) => answerQuestion(name as QuestionName, question as never, host),
    },
    openViews: (emit) => answerViews(host, emit),
    startWorker: (config) => openWorker(config, host),
    startClient: (welcome, places) =>
      openSeat(host, welcome, places, (count) => new Uint32Array(count)),
    patience: { now: () => performance.now(), wait: () => new Promise(() => {}) },
    federation: {
      open: () => Promise.reject(new Error('tests in memory have no broker')),
      invite() {
        throw new Error('tests in memory have no passwords')
      },
      newId: () => 'a1b2c3d4',
    },
    openCluster: () => Promise.reject(new Error('tests in memory have no broker')),
  }
  return host
}

function noRuntime(): Error {
  return new Error('tests in memory have no inference runtime')
}

/** A host whose disk is full after some more files. */
export function filledHost(host: EngineHost, room: number): EngineHost {
  let left = room
  const take: EngineHost['files']['take'] = async (path) => {
    const folder = await host.files.take(path)
    const full = () =>
      Promise.reject(new HisoError('FILE_UNWRITABLE', { what: 'the disk is full' }))
    return {
      ...folder,
      write: (name, bytes) => (left-- > 0 ? folder.write(name, bytes) : full()),
      appendTo: (name, length) => (left-- > 0 ? folder.appendTo(name, length) : full()),
    }
  }
  return { ...host, files: { ...host.files, take } }
}
