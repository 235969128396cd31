/**
 * The commands that are there in every view, and the three ways to them: keys, native menu,
 * palette.
 */
import {
  BookOpen,
  ChartSpline,
  Keyboard,
  MonitorCog,
  Moon,
  Pause,
  Play,
  Presentation,
  Search,
  Settings,
  Square,
  StepForward,
  Sun,
  Waypoints,
} from '@lucide/vue'
import { onMounted, onUnmounted, watchEffect } from 'vue'
import { menuCommands, type MenuCommand } from '../../electron/ipc/menuCommand.ts'
import { bundledLessons } from '../config/lessons.ts'
import { useFileOpening } from '../stores/fileOpening.ts'
import { usePresentation } from '../stores/presentation.ts'
import { useLessons } from '../stores/lessons.ts'
import { useLinks } from '../stores/links.ts'
import { isLive } from '../stores/openRun.ts'
import { shellPort } from '../stores/ports.ts'
import { useRuns } from '../stores/runs.ts'
import { useStarting } from '../stores/starting.ts'
import { useSettings } from '../stores/settings.ts'
import { useTuning } from '../stores/tuning.ts'
import { useWorkspace } from '../stores/workspace.ts'
import { views } from '../views.ts'
import { provideCommands, useCommands, type Command } from './commands.ts'
import { configCommands, fileCommands } from './configCommands.ts'
import { isMac } from './keys.ts'

export function useAppCommands(): void {
  const commands = useCommands()
  provideCommands([
    ...runCommands(),
    ...viewCommands(),
    ...configCommands(),
    ...fileCommands(),
    ...appearanceCommands(),
  ])
  const offs: (() => void)[] = []
  onMounted(() => {
    const { open } = useFileOpening()
    window.addEventListener('keydown', commands.handleKey)
    offs.push(
      () => window.removeEventListener('keydown', commands.handleKey),
      shellPort().listen('menuCommandChosen', ({ command }) => void commands.run(command)),
      shellPort().listen('fileOpened', ({ path }) => void open(path)),
      shellPort().listen('linkOpened', ({ link }) => void useLinks().open(link)),
    )
  })
  onUnmounted(() => offs.forEach((off) => off()))
  watchEffect(() => {
    const enabled = Object.fromEntries(
      menuCommands.map((id) => {
        const command = commands.registered.get(id)
        return [id, command !== undefined && (command.enabled?.() ?? true)]
      }),
    ) as Record<MenuCommand, boolean>
    void shellPort().request('enableCommands', enabled)
  })
}

function runCommands(): Command[] {
  const workspace = useWorkspace()
  const runs = useRuns()
  const starting = useStarting()
  const section = 'Run'
  const run = () => workspace.currentRun
  const lives = () => {
    const now = run()
    return now !== undefined && isLive(now)
  }
  const control = (action: 'pause' | 'step' | 'continue' | 'stop') => () =>
    runs.control(run()!.folder, action)

  return [
    {
      id: 'startRun',
      title: 'Run this configuration',
      section,
      icon: Play,
      keys: isMac ? 'Mod+R' : 'F5',
      otherKeys: 'Mod+Enter',
      words: 'start train go',
      run: () => starting.start(),
    },
    {
      id: 'startPaused',
      title: 'Start this configuration paused',
      section,
      icon: StepForward,
      words: 'run step debug wait',
      run: () => starting.start(true),
    },
    {
      id: 'searchRates',
      title: 'Search learning rates…',
      section,
      icon: ChartSpline,
      words: 'tune hyper-parameters best eta fair comparison halving',
      run: () => {
        useTuning().batchKind = 'rates'
        workspace.show('batch')
      },
    },
    {
      id: 'pauseRun',
      title: 'Pause or continue',
      section,
      icon: Pause,
      keys: isMac ? 'Mod+P' : 'F6',
      words: 'resume',
      enabled: lives,
      run: () => control(run()!.state === 'paused' ? 'continue' : 'pause')(),
    },
    {
      id: 'stepRun',
      title: 'Step one round',
      section,
      icon: StepForward,
      keys: isMac ? 'Mod+Shift+P' : 'F10',
      enabled: lives,
      run: control('step'),
    },
    {
      id: 'stopRun',
      title: 'Stop the run',
      section,
      icon: Square,
      keys: isMac ? 'Mod+.' : 'Shift+F5',
      enabled: lives,
      run: control('stop'),
    },
  ]
}

function viewCommands(): Command[] {
  const workspace = useWorkspace()
  return views.map((view, index) => ({
    id: view.command,
    title: view.title,
    section: 'Go to',
    icon: view.icon,
    ...(index < 9 && { keys: `Mod+${index + 1}` }),
    ...(view.words === undefined ? {} : { words: view.words }),
    run: () => workspace.show(view.name),
  }))
}

function openTour(): void {
  const tour = bundledLessons.find(({ name }) => name === 'tour')
  if (tour !== undefined) useLessons().open(tour)
}

function appearanceCommands(): Command[] {
  const workspace = useWorkspace()
  const settings = useSettings()
  const section = 'App'
  return [
    {
      id: 'showCommandPalette',
      title: 'Command palette',
      section,
      icon: Search,
      keys: 'Mod+K',
      run: () => (workspace.dialog = 'palette'),
    },
    {
      id: 'showSettings',
      title: 'Settings…',
      section,
      icon: Settings,
      keys: 'Mod+,',
      words: 'preferences theme library',
      run: () => (workspace.dialog = 'settings'),
    },
    {
      id: 'showShortcuts',
      title: 'Keyboard shortcuts',
      section,
      icon: Keyboard,
      keys: '?',
      words: 'keys help',
      run: () => (workspace.dialog = 'shortcuts'),
    },
    {
      id: 'showGuide',
      title: 'A first look',
      section,
      icon: Waypoints,
      words: 'tour help tutorial welcome',
      run: () => openTour(),
    },
    {
      id: 'present',
      title: 'Presentation',
      section,
      icon: Presentation,
      keys: isMac ? 'Mod+Shift+F' : 'F11',
      words: 'lecture projector beamer full screen hall teach',
      run: () => usePresentation().toggle(),
    },
    {
      id: 'presentEnd',
      title: 'End the presentation',
      section,
      keys: 'Escape',
      enabled: () => usePresentation().isOn && workspace.dialog === undefined,
      run: () => usePresentation().set(false),
    },
    {
      id: 'themeLight',
      title: 'Light theme',
      section,
      icon: Sun,
      words: 'appearance',
      run: () => settings.setTheme('light'),
    },
    {
      id: 'themeDark',
      title: 'Dark theme',
      section,
      icon: Moon,
      words: 'appearance night',
      run: () => settings.setTheme('dark'),
    },
    {
      id: 'themeSystem',
      title: 'Theme as the system',
      section,
      icon: MonitorCog,
      words: 'appearance auto',
      run: () => settings.setTheme('system'),
    },
    {
      id: 'showDocumentation',
      title: 'Documentation',
      section,
      keys: 'F1',
      icon: BookOpen,
      words: 'help manual glossary docs',
      run: () => (workspace.dialog = 'documentation'),
    },
  ]
}
