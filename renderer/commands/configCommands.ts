/** What can be done with the configuration in the form: kept, handed on, undone, opened. */
import { Copy, FilePlus2, FolderOpen, Link, RadioTower, Redo2, Save, Undo2 } from '@lucide/vue'
import { schemaLine } from '../../core/config/index.ts'
import { comparedText } from '../config/beside.ts'
import { useDraft } from '../stores/draft.ts'
import { useFileOpening } from '../stores/fileOpening.ts'
import { useLinks } from '../stores/links.ts'
import { useNotices } from '../stores/notices.ts'
import { shellPort } from '../stores/ports.ts'
import { useWorkspace } from '../stores/workspace.ts'
import { isText, type Command } from './commands.ts'

export function configCommands(): Command[] {
  const draft = useDraft()
  const files = useFileOpening()
  const notices = useNotices()
  const section = 'Configuration'
  const save = (again: boolean) => () =>
    files.saveConfig(
      schemaLine + comparedText(draft.config!, draft.beside),
      draft.config!.name,
      again,
    )
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

function isOfForm(field: Element): boolean {
  return field.closest('[data-field]') !== null
}
function isElsewhere(): boolean {
  const { activeElement } = document
  return isText(activeElement) && !isOfForm(activeElement)
}

/** And runs in folders and files. */
export function fileCommands(): Command[] {
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
