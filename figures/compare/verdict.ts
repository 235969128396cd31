/**
 * A comparison in one sentence, with its figures: what reached the target, in how many rounds, with
 * how many bytes and after which time on its network, and how that stands to the baseline or the
 * costliest.
 */
import { networkTitle } from '../../core/config/index.ts'
import type { TargetMetric } from '../../core/runs/index.ts'
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatShare,
  formatValue,
} from '../model/quantityText.ts'
import type { GroupResult } from './results.ts'

/** More groups than these make no sentence. */
const mostGroups = 4

const words: Readonly<Record<TargetMetric, string>> = {
  testAccuracy: 'test accuracy',
  testLoss: 'test loss',
  trainLoss: 'train loss',
}

/** @returns undefined where there is nothing to compare, or too much for a sentence */
export function verdictOf(
  results: readonly GroupResult[],
  metric: TargetMetric,
  target: number | undefined,
): string | undefined {
  // A group whose runs were all stopped, or that has not measured it, has come to nothing yet.
  const counted = results.filter(({ final }) => final.n > 0)
  if (target === undefined || counted.length < 2 || counted.length > mostGroups) return undefined
  const goal = `${metric === 'testAccuracy' ? formatShare(target) : formatValue(target)} ${words[metric]}`
  const there = counted.flatMap(({ group, reached }) => {
    const [rounds, bytes] = [reached?.rounds.median, reached?.bytes.median]
    if (reached === undefined || rounds === undefined || bytes === undefined) return []
    // The median stands for all of them, though some never got there.
    const share =
      reached.reached < reached.runs ? ` (${reached.reached} of ${reached.runs} runs)` : ''
    return [{ group, rounds, bytes, share, time: timeOf(group, reached.simulatedMs.median) }]
  })
  const missing = counted.filter(({ group }) => there.every((own) => own.group !== group))
  if (there.length === 0) return undefined
  const cheapest = there.reduce((best, own) => (own.bytes < best.bytes ? own : best))
  const parts = there
    .toSorted((a, b) => a.bytes - b.bytes)
    .map(({ group, rounds, bytes, share, time }) => {
      const times = group === cheapest.group ? undefined : timesText(bytes / cheapest.bytes)
      const said = `${group.name} in ${formatCount(Math.round(rounds))} ${rounds === 1 ? 'round' : 'rounds'} with ${formatBytes(bytes)}${time}${share}`
      return times === undefined ? said : `${said}, ${times}`
    })
  const start = `${goal.charAt(0).toUpperCase()}${goal.slice(1)}: `
  const isOnItsWay = ({ group }: GroupResult) =>
    group.runs.some(({ state }) => state === 'running' || state === 'paused')
  const namesOf = (some: readonly GroupResult[]) => listOf(some.map(({ group }) => group.name))
  const never = missing.filter((result) => !isOnItsWay(result))
  const notYet = missing.filter(isOnItsWay)
  return [
    `${start}${parts.join('; ')}.`,
    ...(never.length === 0 ? [] : [`${namesOf(never)} did not reach it.`]),
    ...(notYet.length === 0
      ? []
      : [`${namesOf(notYet)} ${notYet.length === 1 ? 'has' : 'have'} not reached it yet.`]),
  ].join(' ')
}

/** @param ms simulated */
function timeOf({ runs }: GroupResult['group'], ms: number | undefined): string {
  const title = runs[0] && networkTitle(runs[0].config)
  return title === undefined || ms === undefined ? '' : ` after ${formatDuration(ms)} on ${title}`
}

function timesText(times: number): string {
  const shown = Number(times.toPrecision(times < 10 ? 2 : 3))
  if (shown === 1) return 'the same bytes'
  return `${shown < 10 ? shown : formatCount(shown)} times the bytes`
}

function listOf(names: readonly string[]): string {
  return names.length < 2
    ? (names[0] ?? '')
    : `${names.slice(0, -1).join(', ')} and ${names.at(-1)!}`
}
