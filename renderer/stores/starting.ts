/**
 * Starting what Configure holds: one press is one run, however often it is pressed, and what is
 * running already is not started again unasked.
 */
import { defineStore } from 'pinia'
import { ref } from 'vue'
import type { RunConfig } from '../../core/config/index.ts'
import { useDraft } from './draft.ts'
import { nameOf } from './runNames.ts'
import { useNotices } from './notices.ts'
import { useRuns } from './runs.ts'
import { useWorkspace } from './workspace.ts'

/** A double click, or a key that repeats, is one press. */
const onePressMs = 500

export const useStarting = defineStore('starting', () => {
  const draft = useDraft()
  const runs = useRuns()
  const workspace = useWorkspace()
  const notices = useNotices()
  /** Between the press and the run. */
  const isStarting = ref(false)
  let pressedAt = -Infinity

  /** Starts the draft, or shows what is wrong with it. */
  async function start(isPaused = false): Promise<void> {
    const now = performance.now()
    const isRepeated = now - pressedAt < onePressMs
    pressedAt = now
    if (isRepeated || isStarting.value) return
    const { config } = draft
    if (config === undefined) {
      workspace.show('configure')
      return
    }
    const same = runs.live.find((run) => run.config !== undefined && isSame(run.config, config))
    if (same === undefined) {
      await begin(config, isPaused)
      return
    }
    notices.show({
      tone: 'info',
      title: `${nameOf(same)} is running already, with this very configuration`,
      action: { label: 'Run it once more', run: () => begin(config, isPaused) },
    })
    await workspace.openRun(same.folder)
  }

  async function begin(config: RunConfig, isPaused: boolean): Promise<void> {
    isStarting.value = true
    try {
      const folder = await runs.start(config, isPaused)
      if (folder === undefined) {
        // What stopped it may be gone at once: the next press is one of its own.
        pressedAt = -Infinity
        return
      }
      workspace.currentFolder = folder
      workspace.show('watch')
    } finally {
      isStarting.value = false
    }
  }

  return { isStarting, start }
})

/** Equal but for the share of the machine. */
function isSame({ compute: _own, ...a }: RunConfig, { compute: _other, ...b }: RunConfig): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
