/** What a comparison comes to: groups, target, results, and which of many groups are drawn. */
import {
  groupingKeys,
  groupRuns,
  isStopped,
  type RunGroup,
  reachingRuns,
  resultsOf,
  sortResults,
} from '../../../figures/index.ts'
import { computed, ref, watch } from 'vue'
import { factsOfTask, settingHeading } from '../../../core/config/index.ts'
import { tellingTarget, type TargetMetric } from '../../../core/runs/index.ts'
import { remembered } from '../../stores/remembered.ts'
import { useWorkspace } from '../../stores/workspace.ts'
import { useComparedRuns } from './useComparedRuns.ts'

/** More groups than this in one chart are mud: by themselves only the best are drawn. */
const mostByThemselves = 12

export function useComparison() {
  const workspace = useWorkspace()
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
  const groups = computed(() => groupRuns(runs.value, grouping.value, countsStopped.value))

  const unit = computed(() => (metric.value === 'testAccuracy' ? 100 : 1))
  const ownTarget = computed(() => {
    void version.value
    return tellingTarget(
      groups.value
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
  const results = computed(() => {
    void version.value
    return resultsOf(groups.value, columnsOf, {
      metric: metric.value,
      target: target.value,
      baseline: workspace.baseline,
    })
  })

  /** The groups in the chart: all, or the best of many. */
  const shownGroups = computed<readonly RunGroup[]>(() => {
    const all = groups.value
    const most =
      drawn.value === 'all'
        ? all.length
        : drawn.value === 'auto'
          ? mostByThemselves
          : Number(drawn.value)
    if (all.length <= most) return all
    const ranked = sortResults(results.value, { column: 'best', isReversed: false }, metric.value)
    const best = new Set(ranked.slice(0, most).map(({ group }) => group.key))
    return all.filter(({ key }) => best.has(key))
  })

  return {
    ...compared,
    ...{ metric, grouping, groupings, groups, shownGroups, drawn, hasAccuracy },
    ...{ stoppedCount, countsStopped, wantsStopped },
    ...{ unit, target, ownTarget, typedTarget, shownTarget, results },
  }
}
