/**
 * What the preload gives the page as `window.shell`: the whole way from the renderer to the system.
 */
import type {
  ShellArguments,
  ShellEvent,
  ShellEventName,
  ShellRequestName,
  ShellResult,
} from './contract.ts'

export interface ShellApi {
  /** @throws Error with a message for people */
  request<Name extends ShellRequestName>(
    name: Name,
    ...args: ShellArguments<Name>
  ): Promise<ShellResult<Name>>
  /** @returns ends the listening */
  listen<Name extends ShellEventName>(
    name: Name,
    listener: (event: ShellEvent<Name>) => void,
  ): () => void
  /** Where a file that was dropped on the window lies. */
  pathOf(file: File): string
}
