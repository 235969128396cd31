/**
 * What a person has chosen for the whole app: theme, library folder, how much the form explains.
 */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import type { ShellDescription, Theme } from '../../electron/ipc/contract.ts'
import { shellPort } from './ports.ts'
import { remembered } from './remembered.ts'

export const useSettings = defineStore('settings', () => {
  const theme = remembered<Theme>('theme', 'system')
  const chosenLibrary = remembered('library', '')
  /** Whether fields show their sentence of help below them, or in a tooltip. */
  const explain = remembered('explain', true)
  /** The welcome was closed once; it does not open by itself again. */
  const welcomed = remembered('welcomed', false)
  const about = shallowRef<ShellDescription>()
  const library = computed(() => chosenLibrary.value || about.value?.library || '')

  const prefersDark = ref(false)
  if (typeof matchMedia === 'function') {
    const query = matchMedia('(prefers-color-scheme: dark)')
    prefersDark.value = query.matches
    query.addEventListener('change', (event) => (prefersDark.value = event.matches))
  }
  /** The theme on screen: charts redraw when it changes. */
  const resolvedTheme = computed(() =>
    theme.value === 'system' ? (prefersDark.value ? 'dark' : 'light') : theme.value,
  )
  if (typeof document !== 'undefined')
    watch(resolvedTheme, (now) => (document.documentElement.dataset['theme'] = now), {
      immediate: true,
      flush: 'sync',
    })

  async function load(): Promise<void> {
    shellPort().listen('themeChanged', (change) => (theme.value = change.theme))
    about.value = await shellPort().request('describe')
    theme.value = about.value.theme
  }

  function setTheme(next: Theme): void {
    theme.value = next
    void shellPort().request('setTheme', next)
  }

  async function chooseLibrary(): Promise<void> {
    const chosen = await shellPort().request('chooseToOpen', 'library')
    if (chosen !== undefined) chosenLibrary.value = chosen
  }

  return {
    theme,
    resolvedTheme,
    library,
    explain,
    welcomed,
    about,
    load,
    setTheme,
    chooseLibrary,
  }
})
