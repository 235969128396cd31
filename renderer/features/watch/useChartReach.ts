/** What stands beside the titles of charts that stay behind a run: up to which round they go. */
import { computed, watch, type ComputedRef } from 'vue'
import type { ChartModel } from '../../../figures/index.ts'
import { formatCount } from '../../components/index.ts'
import { isLive, type OpenRun } from '../../stores/openRun.ts'
import { ChartReach } from './chartReach.ts'

interface FollowingChart {
  readonly build: () => ChartModel
  /** Up to which round it goes, if that is not the newest one. */
  readonly reach?: () => number
}

/**
 * @param newest the round of the figures
 * @param version rises when they change
 */
export function useChartReach(
  run: ComputedRef<OpenRun | undefined>,
  newest: () => number,
  version: () => unknown,
) {
  const reaches = new ChartReach()
  /** Of models that were built, which may be drawn some time later. */
  const roundOf = new WeakMap<ChartModel, number>()

  /** The same chart, whose models are remembered with their rounds. */
  function followed<Chart extends FollowingChart>(chart: Chart): Chart {
    const { build, reach = newest } = chart
    const remember = () => {
      const model = build()
      roundOf.set(model, reach())
      return model
    }
    return { ...chart, build: remember }
  }

  function onDrawn(id: string, model: ChartModel): void {
    reaches.drew(id, roundOf.get(model) ?? 0, performance.now())
  }

  const behind = computed((): ReadonlyMap<string, number> => {
    void version()
    if (run.value === undefined || !isLive(run.value)) return new Map()
    return reaches.behind(newest(), performance.now(), run.value.state === 'running')
  })
  function noteOf(id: string): string | undefined {
    const round = behind.value.get(id)
    return round === undefined || round === 0 ? undefined : `to round ${formatCount(round)}`
  }

  watch(
    () => run.value?.folder,
    () => reaches.forget(),
  )
  return { followed, onDrawn, noteOf }
}
