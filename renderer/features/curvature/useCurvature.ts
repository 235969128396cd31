/**
 * The examination of the shown run's curvature: asked for, under way, found. Of each run the last
 * report is kept while the app is open.
 */
import { computed, onScopeDispose, shallowReactive, shallowRef, type ComputedRef } from 'vue'
import type { CurvatureReport, CurvatureSettings } from '../../../core/engine/index.ts'
import { useEngine } from '../../stores/engine.ts'
import type { OpenRun } from '../../stores/openRun.ts'
import { enginePort } from '../../stores/ports.ts'
import { sentenceOf } from '../../components/asSentence.ts'

export interface Progress {
  /** 0 to 1 */
  readonly share: number
  /** Milliseconds; undefined while there is too little to say. */
  readonly timeLeft: number | undefined
}

export function useCurvature(run: ComputedRef<OpenRun | undefined>) {
  const engine = useEngine()
  const reports = shallowReactive(new Map<string, CurvatureReport>())
  /** The folder that is being examined. */
  const busy = shallowRef<string>()
  const progress = shallowRef<Progress>({ share: 0, timeLeft: undefined })
  const problem = shallowRef<string>()
  let startedAt = 0

  onScopeDispose(
    enginePort().listen((events) => {
      for (const told of events) {
        if (!('folder' in told) || told.folder !== busy.value) continue
        if (told.event.type !== 'curvatureProgressed') continue
        const { share } = told.event
        const elapsed = performance.now() - startedAt
        progress.value = {
          share,
          timeLeft: elapsed > 1000 ? (elapsed / share) * (1 - share) : undefined,
        }
      }
    }),
  )

  async function examine(settings: CurvatureSettings): Promise<void> {
    const folder = run.value?.folder
    if (folder === undefined || busy.value !== undefined) return
    busy.value = folder
    problem.value = undefined
    progress.value = { share: 0, timeLeft: undefined }
    startedAt = performance.now()
    try {
      const report = await engine.request('examineCurvature', { folder, settings })
      if (report.rounds.length > 0) reports.set(folder, report)
    } catch (thrown) {
      problem.value = sentenceOf(thrown)
    } finally {
      busy.value = undefined
    }
  }

  function cancel(): void {
    if (busy.value !== undefined) void engine.request('cancelCurvature', { folder: busy.value })
  }

  async function csv(): Promise<Uint8Array | undefined> {
    const shown = report.value
    return shown && engine.request('exportCurvature', { report: shown })
  }

  const report = computed(() =>
    run.value === undefined ? undefined : reports.get(run.value.folder),
  )
  return { report, busy, progress, problem, examine, cancel, csv }
}
