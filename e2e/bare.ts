/** What tests do with the bare page (bareRenderer/): ask the engine, wait for its events. */
import type { Page } from '@playwright/test'

export interface BareEvent {
  readonly folder: string
  readonly event: {
    readonly type: string
    readonly text?: string
    readonly row?: { readonly round: number }
    readonly record?: {
      readonly status: string
      readonly rounds: number
      readonly stateHash?: string
    }
  }
}

export async function untilReady(page: Page): Promise<void> {
  // A function: of a text the page would have to make one, which its policy forbids.
  await page.waitForFunction(
    () => (window as unknown as { bare?: { isReady?: boolean } }).bare?.isReady,
  )
}

export async function askEngine<Result>(
  page: Page,
  method: string,
  argument?: unknown,
): Promise<Result> {
  return page.evaluate(
    ([name, value]) =>
      (
        window as unknown as { bare: { engine(name: unknown, value: unknown): Promise<Result> } }
      ).bare.engine(name, value),
    [method, argument],
  )
}

export async function askShell<Result>(
  page: Page,
  name: string,
  ...args: unknown[]
): Promise<Result> {
  return page.evaluate(
    ([request, ...rest]) =>
      (
        window as unknown as { shell: { request(...all: unknown[]): Promise<Result> } }
      ).shell.request(request, ...rest),
    [name, ...args],
  )
}

export async function engineEvents(page: Page): Promise<readonly BareEvent[]> {
  return page.evaluate(() => (window as unknown as { bare: { events: BareEvent[] } }).bare.events)
}

export async function shellEvents(
  page: Page,
): Promise<readonly (readonly [string, Record<string, unknown>])[]> {
  return page.evaluate(
    () => (window as unknown as { bare: { told: [string, Record<string, unknown>][] } }).bare.told,
  )
}

/** Waits for the run's end. */
export async function untilEnded(
  page: Page,
  folder: string,
): Promise<BareEvent['event']['record']> {
  await page.waitForFunction(
    (of) =>
      (window as unknown as { bare: { events: BareEvent[] } }).bare.events.some(
        (it) => it.folder === of && it.event.type === 'ended',
      ),
    folder,
    { timeout: 45_000 },
  )
  const events = await engineEvents(page)
  return events.findLast((it) => it.folder === folder && it.event.type === 'ended')?.event.record
}

/** Waits until a run has played so many rounds. */
export async function untilRound(page: Page, round: number): Promise<void> {
  await page.waitForFunction(
    (least) =>
      (window as unknown as { bare: { events: BareEvent[] } }).bare.events.some(
        (it) => (it.event.row?.round ?? 0) >= least,
      ),
    round,
  )
}
