/**
 * The registry of everything that can be done: views and features register commands; the palette,
 * the shortcuts and the native menu run them by id.
 */
import { defineStore } from 'pinia'
import { computed, getCurrentScope, onScopeDispose, shallowReactive, type Component } from 'vue'
import type { MenuCommand } from '../../electron/ipc/menuCommand.ts'
import { matchesKeys } from './keys.ts'

/** The menu's commands, and more that features register. */
export type CommandId = MenuCommand | (string & {})

export interface Command {
  readonly id: CommandId
  readonly title: string
  /** Groups the palette: 'Run', 'Go to', 'Config', 'Appearance'… */
  readonly section: string
  readonly icon?: Component
  readonly keys?: string
  /** Works too, but is not shown. */
  readonly otherKeys?: string
  /** Further words to find it by. */
  readonly words?: string
  /** Asked at the moment of use; a disabled command is not listed. */
  readonly enabled?: () => boolean
  /**
   * The key also works while a text field has the focus; default: only with Mod or a function key.
   */
  readonly inText?: boolean | ((field: HTMLElement) => boolean)
  readonly run: () => unknown
}

export const useCommands = defineStore('commands', () => {
  const registered = shallowReactive(new Map<string, Command>())

  function register(commands: readonly Command[]): () => void {
    for (const command of commands) registered.set(command.id, command)
    return () => {
      for (const command of commands)
        if (registered.get(command.id) === command) registered.delete(command.id)
    }
  }

  const available = computed(() =>
    [...registered.values()].filter((command) => command.enabled?.() ?? true),
  )

  /** @returns whether there was such a command and it could run */
  function run(id: string): boolean {
    const command = registered.get(id)
    if (command === undefined || !(command.enabled?.() ?? true)) return false
    void command.run()
    return true
  }

  function keysOf(id: CommandId): string | undefined {
    return registered.get(id)?.keys
  }

  /** For window's keydown. */
  function handleKey(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing) return
    if (isOwnKey(event)) return
    const inText = isText(event.target)
    for (const command of registered.values()) {
      const keys = [command.keys, command.otherKeys].find(
        (candidate) => candidate !== undefined && matchesKeys(event, candidate),
      )
      if (keys === undefined) continue
      if (inText && !worksIn(event.target, command, keys)) continue
      if (!run(command.id)) continue
      event.preventDefault()
      return
    }
  }

  return { registered, available, register, run, keysOf, handleKey }
})

/** Registers commands for as long as the component lives. */
export function provideCommands(commands: readonly Command[]): void {
  const unregister = useCommands().register(commands)
  if (getCurrentScope() !== undefined) onScopeDispose(unregister)
}

function worksIn(field: HTMLElement, { inText }: Command, keys: string): boolean {
  return typeof inText === 'function' ? inText(field) : (inText ?? /Mod|F\d/.test(keys))
}

/** What presses with Space, and what moves with arrows. */
const pressed = 'button, summary, select, input, [role=button], [role=radio], [role=combobox]'
const moved =
  'input[type=radio], input[type=range], select, [role=slider], [role=radio], [role=combobox]'

/** Whether what has the focus answers the key itself. */
function isOwnKey({ key, target, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  if (!(target instanceof Element) || ctrlKey || metaKey || altKey) return false
  if (key === ' ') return target.matches(pressed)
  return /^(Arrow|Home$|End$)/.test(key) && target.matches(moved)
}

export function isText(target: EventTarget | null): target is HTMLElement {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target instanceof HTMLTextAreaElement ||
      (target instanceof HTMLInputElement && !['checkbox', 'radio', 'range'].includes(target.type)))
  )
}
