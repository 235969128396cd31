/**
 * The runs that are open: every one that lives, and past ones that were looked at. Feeds them from
 * the engine's events.
 */
import { defineStore } from 'pinia'
import { computed, shallowReactive, type ShallowReactive } from 'vue'
import type { RunConfig } from '../../core/config/index.ts'
import type { EngineEvent, LiveSetting, RunAction, RunEvent } from '../../core/engine/index.ts'
import type { RunNotes } from '../../core/runs/index.ts'
import { asSentence } from '../components/asSentence.ts'
import { useEngine } from './engine.ts'
import { useNotices } from './notices.ts'
import { applyDetail, applyEvent, createOpenRun, isLive, type OpenRun } from './openRun.ts'
import { enginePort } from './ports.ts'
import { nameOf, useRunNames } from './runNames.ts'
import { useSettings } from './settings.ts'

export const useRuns = defineStore('runs', () => {
  const engine = useEngine()
  const settings = useSettings()
  const notices = useNotices()
  const names = useRunNames()
  const open = shallowReactive(new Map<string, ShallowReactive<OpenRun>>())
  const live = computed(() => [...open.values()].filter(isLive))
  const endedListeners = new Set<(run: OpenRun) => void>()
  const dirty = new Set<OpenRun>()
  const reading = new Map<string, Promise<OpenRun>>()
  const resuming = new Map<string, Promise<boolean>>()
  /** What was told of runs behind rounds that are missing, until these have been read. */
  const ahead = new Map<string, RunEvent[]>()

  function connect(): () => void {
    return enginePort().listen(receive)
  }

  function receive(events: readonly EngineEvent[]): void {
    for (const told of events) {
      if (!('folder' in told)) continue
      const { folder, event } = told
      const run = entry(folder)
      const change = applyEvent(run, event)
      if (event.type === 'opened') learnName(run)
      if (change === 'gap') readGap(folder, event)
      if (change === true) markDirty(run)
      if (event.type === 'ended') {
        markDirty(run)
        tellEnd(run)
        for (const listener of endedListeners) listener(run)
      }
    }
  }

  function entry(folder: string): ShallowReactive<OpenRun> {
    let run = open.get(folder)
    if (run === undefined) {
      run = createOpenRun(folder)
      open.set(folder, run)
    }
    return run
  }

  function learnName({ folder, config, notes, record }: OpenRun): void {
    if (config === undefined) return
    const created = record === undefined ? Infinity : Date.parse(record.created)
    const { forkedFrom } = record ?? {}
    names.learn([{ key: folder, config, title: notes.title, created, forkedFrom }])
  }

  /**
   * One change per batch of events, which the engine sends once a frame, however many rounds there
   * were.
   */
  function markDirty(run: OpenRun): void {
    if (dirty.size === 0)
      queueMicrotask(() => {
        for (const changed of dirty) changed.version++
        dirty.clear()
      })
    dirty.add(run)
  }

  /** Reads a run from its folder, or returns the open one. */
  async function load(folder: string): Promise<OpenRun> {
    const known = open.get(folder)
    if (known !== undefined && known.state !== 'loading') return known
    return read(folder)
  }

  /** Of a past run as its folder is now: another program may have gone on with it, or spoilt it. */
  async function loadAnew(folder: string): Promise<OpenRun> {
    const known = open.get(folder)
    return known !== undefined && isLive(known) ? known : read(folder)
  }

  function read(folder: string): Promise<OpenRun> {
    const pending = reading.get(folder)
    if (pending !== undefined) return pending
    const promise: Promise<OpenRun> = engine
      .request('readRun', { folder })
      .then((detail) => {
        const run = entry(folder)
        applyDetail(run, detail)
        learnName(run)
        return run
      })
      .finally(() => reading.delete(folder))
    reading.set(folder, promise)
    return promise
  }

  /**
   * Reads the rounds that are missing before an event. Rounds go on being told meanwhile: they are
   * kept, as the reading may miss them.
   */
  function readGap(folder: string, event: RunEvent): void {
    const kept = ahead.get(folder) ?? []
    if (event.type === 'roundCompleted') kept.push(event)
    if (ahead.has(folder)) return
    ahead.set(folder, kept)
    const { rounds } = entry(folder).series
    read(folder)
      .then((run) => {
        ahead.delete(folder)
        // Rounds that no reading brings are given up.
        const hasGrown = run.series.rounds > rounds
        for (const each of kept)
          if (applyEvent(run, each) === 'gap' && hasGrown) readGap(folder, each)
        markDirty(run)
      })
      .catch((thrown: unknown) => {
        ahead.delete(folder)
        notices.fail('The run could not be read', thrown)
      })
  }

  /**
   * Asks the engine for something that a person wants.
   * @returns undefined when it could not be had: the notice says why
   */
  async function attempt<Answer>(
    failing: string,
    ask: () => Promise<Answer>,
  ): Promise<Answer | undefined> {
    try {
      return await ask()
    } catch (thrown) {
      notices.fail(failing, thrown)
      return undefined
    }
  }

  /** A run that has just begun is known by the config that was asked for until it tells its own. */
  function begun({ folder }: { readonly folder: string }, config: RunConfig): string {
    const run = entry(folder)
    run.config ??= config
    learnName(run)
    return folder
  }

  /** @returns its folder, or undefined when it could not be started */
  function start(config: RunConfig, isPaused = false): Promise<string | undefined> {
    const { library } = settings
    return attempt('The run could not be started', async () =>
      begun(await engine.request('startRun', { config, library, isPaused }), config),
    )
  }

  /** Writes credentials for the clients of a federation. @returns undefined when it could not */
  function invite(config: RunConfig, clients: readonly string[]) {
    const { library } = settings
    return attempt('Nobody could be invited', () =>
      engine.request('inviteClients', { config, library, names: clients }),
    )
  }

  /**
   * Opens the server of a federation.
   * @param invited the folder where clients were invited
   * @returns its folder, or undefined when it could not be opened
   */
  function serve(
    config: RunConfig,
    broker: string,
    invited: string | undefined,
  ): Promise<string | undefined> {
    const { library } = settings
    const asked = { config, library, broker, ...(invited !== undefined && { folder: invited }) }
    return attempt('The federation could not be opened', async () =>
      begun(await engine.request('serveRun', asked), config),
    )
  }

  /** Asked for twice it is resumed once. */
  function resume(folder: string): Promise<boolean> {
    const pending = resuming.get(folder)
    if (pending !== undefined) return pending
    const ask = () => engine.request('resumeRun', { folder })
    const run = open.get(folder)
    if (run !== undefined) run.isAnswering = true
    const promise = attempt('The run could not be resumed', ask)
      .then((answer) => answer !== undefined)
      .finally(() => {
        resuming.delete(folder)
        if (run !== undefined) run.isAnswering = false
      })
    resuming.set(folder, promise)
    return promise
  }

  /** Goes on with a run for more rounds than it was to have. */
  async function extend(folder: string, more: number): Promise<boolean> {
    const ask = () => engine.request('extendRun', { folder, more })
    return (await attempt('The run could not be continued', ask)) !== undefined
  }

  /**
   * Starts a run that shares its first rounds with another.
   * @returns its folder, or undefined when it could not be started
   */
  async function fork(
    folder: string,
    rounds: number,
    changes: Readonly<Record<string, unknown>>,
  ): Promise<string | undefined> {
    const { library } = settings
    const ask = () => engine.request('forkRun', { folder, rounds, changes, library })
    return (await attempt('The run could not be forked', ask))?.folder
  }

  async function control(folder: string, action: RunAction): Promise<void> {
    const run = open.get(folder)
    if (run !== undefined) run.isAnswering = true
    await attempt(`The run did not ${action}`, () =>
      engine.request('controlRun', { folder, action }),
    )
    if (run !== undefined) run.isAnswering = false
  }

  async function changeSetting(folder: string, setting: LiveSetting, value: number): Promise<void> {
    await attempt('The setting was not changed', () =>
      engine.request('changeSetting', { folder, setting, value }),
    )
  }

  async function annotate(folder: string, notes: RunNotes): Promise<void> {
    await attempt('The notes were not kept', async () => {
      await engine.request('annotateRun', { folder, notes })
      const run = open.get(folder)
      if (run === undefined) return
      run.notes = notes
      learnName(run)
    })
  }

  /** Forgets a past run, after it was deleted or moved. */
  function forget(folder: string): void {
    open.delete(folder)
  }

  /** @returns stops listening */
  function onEnded(listener: (run: OpenRun) => void): () => void {
    endedListeners.add(listener)
    return () => endedListeners.delete(listener)
  }

  function tellEnd(run: OpenRun): void {
    if (run.state !== 'failed') return
    const message = run.record?.error?.message
    notices.show({
      tone: 'bad',
      title: `${nameOf(run)} has failed`,
      text: message === undefined ? undefined : asSentence(message),
    })
  }

  return {
    open,
    live,
    connect,
    load,
    loadAnew,
    start,
    invite,
    serve,
    resume,
    extend,
    fork,
    control,
    changeSetting,
    annotate,
    forget,
    onEnded,
  }
})
