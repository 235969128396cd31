/** In front of people the page keys of a remote go from chart to chart: all of them, then each. */
import { provideCommands } from '../../commands/commands.ts'
import type { ChartGroup } from '../../charts/index.ts'
import { useStage } from '../../stores/stage.ts'
import { useWorkspace } from '../../stores/workspace.ts'

/** @param charts ids of the charts on screen, in order */
export function useLectureKeys(group: ChartGroup, charts: () => readonly string[]): void {
  const stage = useStage()
  const workspace = useWorkspace()
  const enabled = () => stage.isPresenting && !stage.hasPages && workspace.view === 'watch'
  const go = (by: 1 | -1) => () => {
    const stops = [undefined, ...charts()]
    const next = stops.indexOf(group.expanded.value) + by
    group.expand(stops[(next + stops.length) % stops.length])
  }
  const section = 'Presentation'
  provideCommands([
    {
      id: 'lectureNext',
      title: 'Next chart in full size',
      section,
      keys: 'PageDown',
      enabled,
      run: go(1),
    },
    {
      id: 'lectureBack',
      title: 'Chart before in full size',
      section,
      keys: 'PageUp',
      enabled,
      run: go(-1),
    },
  ])
}
