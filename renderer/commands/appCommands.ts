/**
 * The commands that are there in every view, and the three ways to them: keys, native menu,
 * palette.
 */
import {
  BookOpen,
  ChartSpline,
  Copy,
  FilePlus2,
  FolderOpen,
  Keyboard,
  Link,
  MonitorCog,
  Moon,
  Pause,
  Play,
  Presentation,
  RadioTower,
  Redo2,
  Save,
  Search,
  Settings,
  Square,
  StepForward,
  Sun,
  Undo2,
  Waypoints,
} from '@lucide/vue'
import { onMounted, onUnmounted, watchEffect } from 'vue'
import { formatConfig, schemaLine } from '../../core/config/index.ts'
import { menuCommands, type MenuCommand } from '../../electron/ipc/menuCommand.ts'
import { bundledLessons } from '../config/lessons.ts'
import { useDraft } from '../stores/draft.ts'
import { useFileOpening } from '../stores/fileOpening.ts'
import { usePresentation } from '../stores/presentation.ts'
import { useLessons } from '../stores/lessons.ts'
import { useLinks } from '../stores/links.ts'
import { useNotices } from '../stores/notices.ts'
import { isLive } from '../stores/openRun.ts'
import { shellPort } from '../stores/ports.ts'
import { useRuns } from '../stores/runs.ts'
import { useStarting } from '../stores/starting.ts'
import { useSettings } from '../stores/settings.ts'
import { useTuning } from '../stores/tuning.ts'
import { useWorkspace } from '../stores/workspace.ts'
import { views } from '../views.ts'
import { isText, provideCommands, useCommands, type Command } from './commands.ts'
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

function configCommands(): Command[] {
  const draft = useDraft()
  const files = useFileOpening()
  const notices = useNotices()
  const section = 'Configuration'
  const save = (again: boolean) => () =>
    files.saveConfig(schemaLine + formatConfig(draft.config!), draft.config!.name, again)
  const isValid = () => draft.config !== undefined
  /**
   * The native menu does not know where the focus is: in a text that is no field of the form, undo
   * is that text's own.
   */
  const travel = (action: 'undo' | 'redo') =>
    isElsewhere() ? document.execCommand(action) : draft[action]()

  return [
    {
      id: 'newRun',
      title: 'New run from a preset…',
      section,
      icon: FilePlus2,
      keys: 'Mod+N',
      words: 'choose template example start welcome',
      run: () => (useWorkspace().dialog = 'presets'),
    },
    {
      id: 'saveConfig',
      title: 'Save configuration',
      section,
      icon: Save,
      keys: 'Mod+S',
      enabled: isValid,
      run: save(true),
    },
    {
      id: 'saveConfigAs',
      title: 'Save configuration as…',
      section,
      icon: Save,
      keys: 'Mod+Shift+S',
      enabled: isValid,
      run: save(false),
    },
    {
      id: 'serve',
      title: 'Serve to real clients…',
      section,
      icon: RadioTower,
      words: 'federation deploy join invite broker nats machines',
      enabled: isValid,
      run: () => (useWorkspace().dialog = 'serve'),
    },
    {
      id: 'copyCommandLine',
      title: 'Copy as command line',
      section,
      icon: Copy,
      keys: 'Mod+Shift+C',
      words: 'cli terminal hiso run',
      enabled: isValid,
      run: async () => {
        await shellPort().request('copyText', draft.command!)
        notices.show({ tone: 'good', title: 'Copied the command', text: draft.command })
      },
    },
    {
      id: 'copyLink',
      title: 'Copy link',
      section,
      icon: Link,
      keys: 'Mod+Shift+L',
      words: 'share students hand on address url',
      enabled: isValid,
      run: () => useLinks().copy(),
    },
    {
      id: 'undo',
      title: 'Undo change of the configuration',
      section,
      icon: Undo2,
      keys: 'Mod+Z',
      enabled: () => draft.canUndo || isElsewhere(),
      inText: isOfForm,
      run: () => travel('undo'),
    },
    {
      id: 'redo',
      title: 'Redo change of the configuration',
      section,
      icon: Redo2,
      keys: 'Mod+Shift+Z',
      otherKeys: 'Mod+Y',
      enabled: () => draft.canRedo || isElsewhere(),
      inText: isOfForm,
      run: () => travel('redo'),
    },
  ]
}

function openTour(): void {
  const tour = bundledLessons.find(({ name }) => name === 'tour')
  if (tour !== undefined) useLessons().open(tour)
}

function isOfForm(field: Element): boolean {
  return field.closest('[data-field]') !== null
}
function isElsewhere(): boolean {
  const { activeElement } = document
  return isText(activeElement) && !isOfForm(activeElement)
}

function fileCommands(): Command[] {
  const files = useFileOpening()
  const section = 'Open'
  return [
    {
      id: 'openConfig',
      title: 'Open configuration…',
      section,
      icon: FolderOpen,
      keys: 'Mod+O',
      words: 'yaml file',
      run: () => files.choose('config'),
    },
    {
      id: 'openRunFolder',
      title: 'Open run folder…',
      section,
      icon: FolderOpen,
      keys: 'Mod+Shift+O',
      run: () => files.choose('runFolder'),
    },
    {
      id: 'openRunFile',
      title: 'Open run file…',
      section,
      icon: FolderOpen,
      words: 'hiso import',
      run: () => files.choose('runFile'),
    },
  ]
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
