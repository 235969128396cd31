/**
 * A desktop for a plain browser: dialogs answer nothing, files are downloads, settings are
 * forgotten.
 */
import type { ShellApi } from '../../electron/ipc/shellApi.ts'
import type { ShellEvent, ShellEventName, ShellRequestName } from '../../electron/ipc/contract.ts'

type Answers = Partial<Record<ShellRequestName, (...args: never[]) => unknown>>

export interface FakeShell extends ShellApi {
  /** What was asked, in order. */
  readonly asked: (readonly [name: ShellRequestName, ...args: unknown[]])[]
  tell<Name extends ShellEventName>(name: Name, event: ShellEvent<Name>): void
}

export function createFakeShell(answers: Answers = {}): FakeShell {
  const listeners = new Map<string, Set<(event: never) => void>>()
  const asked: (readonly [name: ShellRequestName, ...args: unknown[]])[] = []
  const given: Answers = {
    describe: () => ({
      version: '0.1.0',
      electron: '45.4.1',
      chrome: '140',
      platform: 'linux',
      library: '/home/ada/HiSo runs',
      theme: 'system',
      isDark: false,
      isPackaged: false,
      startedAt: 0,
    }),
    listRecent: () => [],
    ...answers,
  }
  return {
    asked,
    request: (name, ...args) => {
      asked.push([name, ...args])
      return Promise.resolve(given[name]?.(...(args as never[]))) as never
    },
    listen: (name, listener) => {
      const set = listeners.get(name) ?? new Set()
      set.add(listener as never)
      listeners.set(name, set)
      return () => set.delete(listener as never)
    },
    pathOf: (file) => `/home/ada/${file.name}`,
    tell: (name, event) => listeners.get(name)?.forEach((listener) => listener(event as never)),
  }
}
