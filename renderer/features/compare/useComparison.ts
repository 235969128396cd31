/** What a comparison comes to: groups, target, results, and which of many groups are drawn. */
import {
  groupingKeys,
  groupRuns,
  isStopped,
  reachingRuns,
  resultsOf,
  sortResults,
  tellApart,
} from '../../../figures/index.ts'
import { computed, ref, watch } from 'vue'
import { factsOfTask, settingHeading } from '../../../core/config/index.ts'
import { tellingTarget, type TargetMetric } from '../../../core/runs/index.ts'
import { remembered } from '../../stores/remembered.ts'
import { useStage } from '../../stores/stage.ts'
import { useWorkspace } from '../../stores/workspace.ts'
import { useComparedRuns } from './useComparedRuns.ts'

/** More groups than this in one chart are mud: by themselves only the best are drawn. */
const mostByThemselves = 12

export function useComparison() {
  const workspace = useWorkspace()
  const stage = useStage()
  const compared = useComparedRuns()
  const { runs, version, columnsOf } = compared

  const chosenMetric = remembered<TargetMetric>('compare.metric', 'testAccuracy')
  const grouping = remembered('compare.grouping', 'auto')
  /** Groups that are drawn: 'auto', 'all' or how many of the best. */
  const drawn = remembered('compare.drawn', 'auto')
  const wantsStopped = remembered('compare.countsStopped', false)
  /** As typed, in the unit on screen; undefined is one that tells the groups apart. */
  const typedTarget = ref<unknown>()

  const hasAccuracy = computed(() =>
    runs.value.some(({ config }) => factsOfTask(config.task).hasAccuracy),
  )
  /** Where no run has an accuracy, the loss is shown; the choice stays for runs that have one. */
  const metric = computed<TargetMetric>({
    get: () => {
      const lacksIt = runs.value.length > 0 && !hasAccuracy.value
      return lacksIt && chosenMetric.value === 'testAccuracy' ? 'testLoss' : chosenMetric.value
    },
    set: (chosen) => (chosenMetric.value = chosen),
  })
  watch(metric, () => (typedTarget.value = undefined))

  const stoppedCount = computed(() => runs.value.filter(isStopped).length)
  /** Where all were stopped, they are what there is to compare. */
  const countsStopped = computed(
    () => wantsStopped.value || stoppedCount.value === runs.value.length,
  )
  const groupings = computed(() => [
    { value: 'auto', label: 'What differs, over seeds' },
    { value: 'none', label: 'Every run by itself' },
    ...groupingKeys(runs.value).map((path) => ({
      value: path,
      label: settingHeading(path, runs.value[0]?.config),
    })),
  ])
  watch(groupings, (now) => {
    if (!now.some(({ value }) => value === grouping.value)) grouping.value = 'auto'
  })
  const allGroups = computed(() =>
    groupRuns(runs.value, grouping.value, countsStopped.value, stage.titles),
  )

  const unit = computed(() => (metric.value === 'testAccuracy' ? 100 : 1))
  const ownTarget = computed(() => {
    void version.value
    return tellingTarget(
      allGroups.value
        .filter(({ runs: counted }) => counted.length > 0)
        .map((group) => reachingRuns(group, columnsOf)),
      metric.value,
    )
  })
  const target = computed(() =>
    typeof typedTarget.value === 'number' ? typedTarget.value / unit.value : ownTarget.value,
  )
  const shownTarget = computed(() =>
    typedTarget.value !== undefined
      ? typedTarget.value
      : target.value === undefined
        ? undefined
        : Number((target.value * unit.value).toPrecision(6)),
  )
  const allResults = computed(() => {
    void version.value
    return resultsOf(allGroups.value, columnsOf, {
      metric: metric.value,
      target: target.value,
      baseline: workspace.baseline,
    })
  })

  /** Keys of the groups in the chart: all, or the best of many. */
  const drawnKeys = computed(() => {
    const all = allGroups.value
    const most =
      drawn.value === 'all'
        ? all.length
        : drawn.value === 'auto'
          ? mostByThemselves
          : Number(drawn.value)
    if (all.length <= most) return new Set(all.map(({ key }) => key))
    const order = { column: 'best', isReversed: false } as const
    const ranked = sortResults(allResults.value, order, metric.value)
    return new Set(ranked.slice(0, most).map(({ group }) => group.key))
  })
  const groups = computed(() => tellApart(allGroups.value, ({ key }) => drawnKeys.value.has(key)))
  const shownGroups = computed(() => groups.value.filter(({ key }) => drawnKeys.value.has(key)))
  const results = computed(() =>
    allResults.value.map((result, at) => ({ ...result, group: groups.value[at]! })),
  )

  return {
    ...compared,
    ...{ metric, grouping, groupings, groups, shownGroups, drawn, hasAccuracy },
    ...{ stoppedCount, countsStopped, wantsStopped },
    ...{ unit, target, ownTarget, typedTarget, shownTarget, results },
  }
}
