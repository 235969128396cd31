/**
 * The one download from the hub that the dialog shows: asked for, on its way, cancelled, failed or
 * there. It goes on while the dialog is closed.
 */
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { kindForSamples } from '../../core/config/index.ts'
import type { Downloaded, DownloadRequest, EngineEvent } from '../../core/engine/index.ts'
import { useDraft } from './draft.ts'
import { useEngine } from './engine.ts'
import { enginePort } from './ports.ts'
import { sentenceOf } from '../components/asSentence.ts'

type Progress = Extract<EngineEvent, { download: unknown }>['progress']

export const useHubDownload = defineStore('hubDownload', () => {
  const engine = useEngine()
  /** What a person is about to ask for. */
  const kind = shallowRef<DownloadRequest['kind']>('model')
  /** The last that was asked for. */
  const request = shallowRef<DownloadRequest>()
  const progress = shallowRef<Progress>()
  const result = shallowRef<Downloaded>()
  /** What was wrong, where, and what to do. */
  const error = shallowRef<string>()
  const isRunning = shallowRef(false)
  const isCancelling = shallowRef(false)
  /** Undefined until the rate and the total are known. */
  const msLeft = computed(() => {
    const { bytes = 0, totalBytes, bytesPerSecond } = progress.value ?? {}
    return totalBytes === undefined || !bytesPerSecond
      ? undefined
      : ((totalBytes - bytes) / bytesPerSecond) * 1000
  })

  async function start(of: DownloadRequest): Promise<void> {
    if (isRunning.value) return
    request.value = of
    progress.value = undefined
    result.value = undefined
    error.value = undefined
    isRunning.value = true
    isCancelling.value = false
    const stop = enginePort().listen(receive)
    try {
      result.value = await engine.request('downloadFromHub', of)
    } catch (thrown) {
      error.value = sentenceOf(thrown)
    } finally {
      stop()
      isRunning.value = false
      isCancelling.value = false
    }
  }

  function receive(events: readonly EngineEvent[]): void {
    const asked = request.value!
    for (const told of events)
      if ('download' in told && told.download.kind === asked.kind && told.download.id === asked.id)
        progress.value = told.progress
  }

  /** `start` then ends with what has come; the engine keeps it for the next time. */
  async function cancel(): Promise<void> {
    if (!isRunning.value) return
    const { kind: of, id } = request.value!
    isCancelling.value = true
    try {
      await engine.request('cancelDownload', { kind: of, id })
    } catch (thrown) {
      isCancelling.value = false
      error.value = sentenceOf(thrown)
    }
  }

  /**
   * Makes it the draft's model or dataset, of a language task: no other takes a reference to the
   * hub.
   */
  function use(): void {
    if (result.value === undefined || result.value.isCancelled) return
    const draft = useDraft()
    draft.choose('task', kindForSamples('texts'))
    draft.set(`task.${request.value!.kind}`, result.value.reference)
  }

  return {
    kind,
    request,
    progress,
    result,
    error,
    isRunning,
    isCancelling,
    msLeft,
    start,
    cancel,
    use,
  }
})
