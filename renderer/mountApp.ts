/**
 * Mounts the app over any engine and any shell: main.ts gives it the real ones, testing/ rehearsed
 * ones.
 */
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { z } from 'zod'
import type { ShellApi } from '../electron/ipc/shellApi.ts'
import App from './App.vue'
import type { EnginePort } from './engine/port.ts'
import { useEngine } from './stores/engine.ts'
import { useNotices } from './stores/notices.ts'
import { usePresentation } from './stores/presentation.ts'
import { setPorts } from './stores/ports.ts'
import { useRuns } from './stores/runs.ts'
import { useSettings } from './stores/settings.ts'

// The content security policy forbids building functions from strings, which zod would otherwise
// try.
z.config({ jitless: true })

export function mountApp(engine: EnginePort, shell: ShellApi): void {
  setPorts(engine, shell)
  const app = createApp(App).use(createPinia())
  const notices = useNotices()
  app.config.errorHandler = (thrown) => {
    console.error(thrown)
    notices.fail('Something went wrong in the window', thrown)
  }
  useEngine().connect()
  useRuns().connect()
  usePresentation().connect()
  useSettings()
    .load()
    .catch((thrown: unknown) => notices.fail('The settings could not be read', thrown))
  app.mount('#app')
}
