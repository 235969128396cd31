/**
 * Starting what Configure holds: one press is one run, however often it is pressed, and what is
 * running already is not started again unasked.
 */
import { defineStore } from 'pinia'
import { ref } from 'vue'
import type { RunConfig } from '../../core/config/index.ts'
import { useOnePress } from '../components/useOnePress.ts'
import { useDraft } from './draft.ts'
import { useNotices } from './notices.ts'
import { isLive } from './openRun.ts'
import { nameOf } from './runNames.ts'
import { playTogether } from './playTogether.ts'
import { useRuns } from './runs.ts'
import { useWorkspace } from './workspace.ts'

export const useStarting = defineStore('starting', () => {
  const draft = useDraft()
  const runs = useRuns()
  const workspace = useWorkspace()
  const notices = useNotices()
  /** Between the press and the run. */
  const isStarting = ref(false)
  const press = useOnePress()

  /**
   * Starts the draft with what is named beside it, or shows what is wrong with it. A run that is to
   * wait before its first round is started alone.
   */
  async function start(isPaused = false): Promise<void> {
    const { config } = draft
    if (config === undefined) workspace.show('configure')
    else await play(isPaused ? [config] : [config, ...draft.beside], isPaused)
  }

  /** Plays configs, several of them side by side; asks first where some are running already. */
  async function play(configs: readonly RunConfig[], isPaused = false): Promise<void> {
    if (press.isRepeated() || isStarting.value) return
    const same = runs.live.filter((run) =>
      configs.some((own) => run.config !== undefined && isSame(run.config, own)),
    )
    const [first] = same
    if (first === undefined) {
      await begin(configs, isPaused)
      return
    }
    notices.show({
      tone: 'info',
      title:
        configs.length === 1
          ? `${nameOf(first)} is running already, with this very configuration`
          : `${same.length} of these ${configs.length} runs are running already`,
      action: {
        label: configs.length === 1 ? 'Run it once more' : `Run all ${configs.length} once more`,
        run: () => begin(configs, isPaused),
      },
      holds: () => same.every(isLive),
    })
    if (configs.length === 1) await workspace.openRun(first.folder)
    else workspace.compare(same.map(({ folder }) => folder))
  }

  async function begin(configs: readonly RunConfig[], isPaused: boolean): Promise<void> {
    isStarting.value = true
    try {
      const hasBegun =
        configs.length > 1 ? await playTogether(configs) : await beginOne(configs[0]!, isPaused)
      // What stopped it may be gone at once: the next press is one of its own.
      if (!hasBegun) press.forget()
    } finally {
      isStarting.value = false
    }
  }

  async function beginOne(config: RunConfig, isPaused: boolean): Promise<boolean> {
    const folder = await runs.start(config, isPaused)
    if (folder === undefined) return false
    workspace.currentFolder = folder
    workspace.show('watch')
    return true
  }

  return { isStarting, start, play }
})

/** Equal but for the share of the machine. */
function isSame({ compute: _own, ...a }: RunConfig, { compute: _other, ...b }: RunConfig): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
