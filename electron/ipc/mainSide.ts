/**
 * The main process's end of the contract, and the only place that touches `ipcMain`: checks who
 * speaks and what is said.
 */
import { ipcMain, type IpcMainInvokeEvent, type WebContents } from 'electron'
import {
  channelOf,
  shellEvents,
  shellRequests,
  type Answer,
  type ShellArguments,
  type ShellEvent,
  type ShellEventName,
  type ShellRequestName,
  type ShellResult,
} from './contract.ts'

export type ShellHandlers = {
  readonly [Name in ShellRequestName]: (
    sender: WebContents,
    ...args: ShellArguments<Name>
  ) => ShellResult<Name> | Promise<ShellResult<Name>>
}

type AnyHandler = (sender: WebContents, ...args: readonly unknown[]) => unknown

/**
 * Answers every request of the contract.
 * @param isTrusted whether a page at this address, in the main frame of a window, is ours
 */
export function handleRequests(
  handlers: ShellHandlers,
  isTrusted: (address: string) => boolean,
): void {
  for (const name of Object.keys(shellRequests) as ShellRequestName[]) {
    const { args, result } = shellRequests[name]
    const handler = handlers[name] as AnyHandler
    ipcMain.handle(channelOf(name), async (event, ...received): Promise<Answer> => {
      try {
        checkSender(event, isTrusted)
        const checked = args.parse(received)
        return { ok: true, value: result.parse(await handler(event.sender, ...checked)) }
      } catch (error) {
        return { ok: false, message: error instanceof Error ? error.message : String(error) }
      }
    })
  }
}

export function sendEvent<Name extends ShellEventName>(
  receiver: WebContents,
  name: Name,
  event: ShellEvent<Name>,
): void {
  if (!receiver.isDestroyed()) receiver.send(channelOf(name), shellEvents[name].parse(event))
}

function checkSender(event: IpcMainInvokeEvent, isTrusted: (address: string) => boolean): void {
  const frame = event.senderFrame
  if (frame !== null && frame === event.sender.mainFrame && isTrusted(frame.url)) return
  throw new Error(`refused: the request came from ${frame?.url ?? 'a frame that is gone'}`)
}
