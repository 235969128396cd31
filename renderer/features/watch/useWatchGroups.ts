/**
 * What the charts of a run share: one axis and cursor for all that follow its rounds, another for
 * those over ranks, and one expanded chart for both.
 */
import { watch, type Ref } from 'vue'
import type { HessianSnapshot } from '../../../core/engine/index.ts'
import { type RunColumnsView, type XAxisName, xExtent } from '../../../figures/index.ts'
import { createChartGroup, type ChartGroup } from '../../charts/index.ts'
import { LiveExtent } from '../../charts/liveExtent.ts'
import { isLive, type OpenRun } from '../../stores/openRun.ts'

interface WatchGroupsOptions {
  readonly run: Readonly<Ref<OpenRun | undefined>>
  readonly x: Readonly<Ref<XAxisName>>
  /** The columns of the run, which is there. */
  readonly view: () => RunColumnsView
  readonly snapshots: Readonly<Ref<readonly HessianSnapshot[]>>
}

interface WatchGroups {
  readonly group: ChartGroup
  readonly rankGroup: ChartGroup
}

export function useWatchGroups({ run, x, view, snapshots }: WatchGroupsOptions): WatchGroups {
  const liveExtent = new LiveExtent()
  const group = createChartGroup(() => {
    if (run.value === undefined) return { from: 0, to: 1 }
    const now = view()
    const xs = now.x(x.value)
    const all = xExtent(xs, 'linear')
    if (!isLive(run.value)) return all
    const most = x.value === 'round' ? run.value.config?.federation.rounds : undefined
    return { from: 0, to: Math.max(all.to, liveExtent.reach(xs, now.columns.elapsedMs, most)) }
  })
  const rankGroup = createChartGroup(
    () => ({ from: 1, to: snapshots.value.at(-1)?.ranks.at(-1) ?? 10 }),
    () => 'log',
  )
  watch(group.expanded, (id) => (rankGroup.expanded.value = id))
  watch(rankGroup.expanded, (id) => (group.expanded.value = id))
  watch([() => run.value?.folder, x], () => {
    liveExtent.forget()
    group.reset()
    group.cursor.value = undefined
  })
  return { group, rankGroup }
}
