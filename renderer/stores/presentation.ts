/**
 * The lecture hall: the window fills the screen, main scales it as one
 * (electron/main/presenting.ts),
 * and what has no use in front of people goes.
 */
import { defineStore } from 'pinia'
import { ref, watch } from 'vue'
import { useNotices } from './notices.ts'
import { shellPort } from './ports.ts'
import { useStage } from './stage.ts'

export const usePresentation = defineStore('presentation', () => {
  const stage = useStage()
  const isOn = ref(false)

  function connect(): void {
    shellPort().listen('presentationChanged', ({ isPresenting }) => (isOn.value = isPresenting))
  }

  async function set(on: boolean): Promise<void> {
    try {
      isOn.value = on
      await shellPort().request('present', on)
    } catch (thrown) {
      isOn.value = !on
      useNotices().fail('The presentation could not begin', thrown)
    }
  }

  watch(isOn, (on) => {
    stage.isPresenting = on
    document.documentElement.toggleAttribute('data-presenting', on)
  })

  return { isOn, connect, set, toggle: () => set(!isOn.value) }
})
