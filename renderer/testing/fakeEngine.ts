/**
 * A rehearsed engine: answers every request with plausible data and plays runs on a timer. For
 * stores' tests and for looking at the app in a browser.
 */
import type {
  EngineAnswer,
  EngineArgument,
  EngineEvent,
  EngineRequestName,
  RunListing,
} from '../../core/engine/index.ts'
import { hasSamples, type RunConfig } from '../../core/config/index.ts'
import type { RunNotes } from '../../core/runs/index.ts'
import type { ConnectionState } from '../engine/engineClient.ts'
import type { EnginePort } from '../engine/port.ts'
import { FakeRun } from './fakeRun.ts'
import { pastConfigs } from './fakeConfigs.ts'
import { fakeCurvature } from './fakeCurvature.ts'
import {
  fakeEstimate,
  fakeHessian,
  fakeMessages,
  fakeModel,
  fakeParticipation,
  fakeScalars,
  fakeSplit,
} from './fakeAnswers.ts'

type Handlers = {
  [Name in EngineRequestName]?: (
    argument: EngineArgument<Name>,
  ) => EngineAnswer<Name> | Promise<EngineAnswer<Name>>
}

export interface FakeEngineOptions {
  readonly pastRuns?: number
  /** Milliseconds from round to round of a live run; 0 plays nothing by itself. */
  readonly roundMs?: number
  /** Replaces single answers. */
  readonly answers?: Handlers
}

export interface FakeEngine extends EnginePort {
  readonly asked: { readonly name: EngineRequestName; readonly argument: unknown }[]
  readonly runs: Map<string, FakeRun>
  connect(): void
  lose(): void
  tell(...events: EngineEvent[]): void
}

export function createFakeEngine(options: FakeEngineOptions = {}): FakeEngine {
  const { roundMs = 60, answers = {} } = options
  const runs = new Map<string, FakeRun>()
  const notes = new Map<string, RunNotes>()
  const eventListeners = new Set<(events: readonly EngineEvent[]) => void>()
  const stateListeners = new Set<(state: ConnectionState) => void>()
  const asked: { name: EngineRequestName; argument: unknown }[] = []
  let state: ConnectionState = 'connecting'
  let numbered = 0

  pastConfigs(options.pastRuns ?? 0).forEach((config, index) => {
    const run = new FakeRun(`/runs/${config.name}-${index + 1}`, config, () => {})
    run.playAll(index)
    runs.set(run.folder, run)
  })

  function tell(...events: EngineEvent[]): void {
    for (const listener of eventListeners) listener(events)
  }
  function found(folder: string): FakeRun {
    const run = runs.get(folder)
    if (run === undefined)
      throw Object.assign(new Error(`${folder}: there is no run here`), {
        code: 'RUN_NOT_FOUND',
        where: folder,
        what: 'there is no run here',
        remedy: 'Choose a folder that holds run.json',
      })
    return run
  }
  function start(config: RunConfig): FakeRun {
    const run = new FakeRun(
      `/runs/${config.name}-${config.method.name}-seed${config.seed}-${++numbered}`,
      config,
      (event) => tell({ folder: run.folder, event }),
    )
    runs.set(run.folder, run)
    run.open()
    if (roundMs > 0) run.play(roundMs)
    return run
  }
  const listing = (run: FakeRun): RunListing => ({
    folder: run.folder,
    record: run.record,
    config: run.config,
    isLive: run.isLive,
    notes: notes.get(run.folder) ?? { tags: [], text: '' },
  })

  const handlers: Required<Handlers> = {
    describeMachine: () => ({
      cores: 8,
      memoryBytes: 16e9,
      environment: { node: '20.20.2', onnxruntime: '1.30.0', provider: 'cpu' },
    }),
    previewDataset: ({ config }) => ({
      name: hasSamples(config.task) ? config.task.dataset : '',
      title: 'Fashion-MNIST',
      format: 'idx',
      featureShape: [1, 28, 28],
      train: 12_000,
      test: 2000,
      heldOut: false,
      classes: clothes.map((name) => ({ name, train: 1200, test: 200 })),
      values: { min: 0, max: 255 },
      first: [{ className: clothes[0]!, values: Array.from({ length: 784 }, () => 0) }],
      fingerprint: 'f'.repeat(64),
    }),
    recogniseFile: ({ path }) => ({ kind: path.endsWith('.jsonl') ? 'texts' : 'dataset' }),
    previewSplit: ({ config }) => fakeSplit(config, clothes),
    previewModel: ({ config }) => fakeModel(config),
    estimateRun: ({ config }) => fakeEstimate(config),
    startRun: ({ config }) => ({ folder: start(config).folder }),
    resumeRun: ({ folder }) => {
      const run = found(folder)
      run.open()
      run.play(roundMs)
      return { folder }
    },
    controlRun: ({ folder, action }) => found(folder).control(action, roundMs),
    changeSetting: ({ folder, setting, value }) => found(folder).changeSetting(setting, value),
    recallRuns: () => undefined,
    listRuns: () => ({ revision: '', runs: [...runs.values()].map(listing), problems: [] }),
    readRun: ({ folder }) => {
      const run = found(folder)
      return { ...listing(run), series: run.series(), changes: run.changes }
    },
    annotateRun: ({ folder, notes: next }) => void notes.set(folder, next),
    forgetRun: () => undefined,
    inspectRound: ({ folder, round }) => fakeMessages(found(folder).config, round),
    readScalars: ({ folder, from, to }) => fakeScalars(found(folder).config, from, to),
    readHessian: ({ folder, snapshots }) => fakeHessian(found(folder).rows.length, snapshots),
    readLiveHessian: ({ folder }) => ({
      snapshot: fakeHessian(found(folder).rows.length, 1)[0]!,
      tookMs: 1,
    }),
    readAttendees: () => undefined,
    readTimeline: () => undefined,
    readCatchUpCost: () => undefined,
    readParticipation: ({ folder, from, to }) => fakeParticipation(found(folder).config, from, to),
    examineCurvature: ({ folder }) => fakeCurvature(found(folder).folder),
    cancelCurvature: () => undefined,
    exportCurvature: () => new Uint8Array(),
    importRun: () => ({ folder: [...runs.keys()][0]! }),
    importLessonRuns: () => ({ folders: { a: [...runs.keys()][0]! } }),
    exportRun: () => new Uint8Array(),
    downloadFromHub({ kind, id }) {
      const progress = { file: 'model.onnx', bytes: 5e6, totalBytes: 5e6, bytesPerSecond: 1e6 }
      tell({ download: { kind, id }, progress })
      return {
        reference: `hf:${id}`,
        path: `/cache/${id}`,
        commit: '0'.repeat(40),
        files: ['model.onnx'],
        bytes: 5e6,
        isCancelled: false,
        notices: [],
      }
    },
    cancelDownload: () => {},
    ...answers,
  } as Required<Handlers>

  const request: EnginePort['request'] = async (name, ...[argument]) => {
    asked.push({ name, argument })
    const handler = handlers[name] as unknown as (of: unknown) => unknown
    if (handler === undefined) throw new Error(`the fake engine has no answer to ${name}`)
    return (await handler(structuredClone(argument))) as never
  }

  return {
    get state() {
      return state
    },
    asked,
    runs,
    request,
    tell,
    listen: (listener) => {
      eventListeners.add(listener)
      return () => eventListeners.delete(listener)
    },
    listenToState: (listener) => {
      stateListeners.add(listener)
      return () => stateListeners.delete(listener)
    },
    connect: () => setState('connected'),
    lose: () => setState('lost'),
  }

  function setState(next: ConnectionState): void {
    state = next
    for (const listener of stateListeners) listener(next)
  }
}

const clothes = [
  'T-shirt',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Boot',
]
