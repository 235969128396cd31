/**
 * What tests do with the whole app, as a person would: get past the welcome, go from view to view,
 * open, run, wait for what is on screen.
 */
import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Locator, Page } from '@playwright/test'
import { repository } from './repository.ts'
import {
  chooseInDialogs,
  expect,
  type Launched,
  type LaunchOptions,
  type Studio,
} from './studio.ts'

export const viewTitles = [
  'Configure',
  'Watch',
  'Wire',
  'Compare',
  'Runs',
  'Batch',
  'Lab',
  'Try',
  'Walk',
  'Lessons',
] as const
export type ViewTitle = (typeof viewTitles)[number]

/** Starts the app and sends the welcome away. */
export async function openApp(studio: Studio, options: LaunchOptions = {}): Promise<Launched> {
  const launched = await studio.launch(options)
  const welcome = launched.page.getByRole('dialog', { name: 'Welcome to HiSo Studio' })
  const isWelcomed = () => launched.page.evaluate(() => localStorage.getItem('hiso.welcomed'))
  await expect(async () => {
    if ((await isWelcomed()) === 'true') return
    await launched.page.keyboard.press('Escape')
    expect(await isWelcomed()).toBe('true')
  }).toPass()
  await expect(welcome).toBeHidden()
  // Keys that are pressed before the app listens are lost.
  await expect(launched.page.getByRole('navigation', { name: 'Views' })).toBeVisible()
  return launched
}

/** Starts the app with a config in the form: written to a file and named on the command line. */
export async function openConfig(
  studio: Studio,
  text: string,
  options: LaunchOptions = {},
): Promise<Launched> {
  const file = await writeConfig(studio, 'given.yaml', text)
  const launched = await openApp(studio, { ...options, args: [...(options.args ?? []), file] })
  const toolbar = launched.page.getByRole('toolbar', { name: 'Configuration' })
  await expect(toolbar).toContainText('given.yaml')
  return launched
}

/** Starts the app with a run that has been played: Watch shows it. */
export async function openPlayed(studio: Studio, folder: string): Promise<Launched> {
  const launched = await openApp(studio, { args: [folder] })
  await untilWatched(launched.page)
  return launched
}

/** Opens the folder of a run that has been played, by its dialog. */
export async function openRunFolder({ app, page }: Launched, folder: string): Promise<void> {
  await chooseInDialogs(app, folder)
  await page.keyboard.press('Control+Shift+o')
  await untilWatched(page)
}

/** The header alone says nothing: it shows the newest run of the library before any is opened. */
async function untilWatched(page: Page): Promise<void> {
  await expect(page.getByRole('main', { name: 'Watch' })).toBeVisible()
  await untilState(page, 'Finished')
}

/** A file beside the library, and gone with it. */
export async function writeConfig(studio: Studio, name: string, text: string): Promise<string> {
  const file = join(dirname(studio.library), name)
  await writeFile(file, text)
  return file
}

export async function showView(page: Page, title: ViewTitle): Promise<void> {
  await page
    .getByRole('navigation', { name: 'Views' })
    .getByRole('button', { name: title, exact: true })
    .click()
  await expect(page.getByRole('main', { name: title })).toBeVisible()
}

/** Presses Run and waits until Watch shows the run. */
export async function pressRun(page: Page): Promise<void> {
  await page.getByTestId('run').click()
  await expect(page.getByTestId('figures')).toBeVisible()
}

/** What the header says of the run on screen: its state and how far it is. */
export function progressOf(page: Page): Locator {
  return page.getByTestId('progress')
}

/** Rounds of the run on screen. */
export async function roundsOf(page: Page): Promise<number> {
  const text = (await progressOf(page).textContent()) ?? ''
  const found = /([\d,.\s]*\d) of /.exec(text)
  return Number((found?.[1] ?? '0').replace(/\D/g, ''))
}

export async function untilRounds(page: Page, least: number, timeout = 30_000): Promise<void> {
  await expect.poll(() => roundsOf(page), { timeout }).toBeGreaterThanOrEqual(least)
}

/** Waits for the end of the run on screen. */
export async function untilState(page: Page, state: string, timeout = 45_000): Promise<void> {
  await expect(progressOf(page)).toContainText(state, { timeout, ignoreCase: true })
}

/** The form's row of a value, by its path. */
export function fieldOf(page: Page, path: string): Locator {
  return page.locator(`[data-field="${path}"]`)
}

export async function fillField(page: Page, path: string, text: string): Promise<void> {
  await fieldOf(page, path).locator('input').fill(text)
}

/** Chooses in a field of the form, however many its choices are. */
export async function chooseField(page: Page, path: string, option: string): Promise<void> {
  const field = fieldOf(page, path)
  await expect(field).toBeVisible()
  const radio = field.getByRole('radio', { name: option, exact: true })
  if ((await radio.count()) > 0) return radio.click()
  await field.getByRole('combobox').click()
  await page.getByRole('option', { name: option, exact: true }).click()
}

/** Finds a command in the palette and chooses it, keys only. */
export async function chooseInPalette(page: Page, words: string, found: RegExp): Promise<void> {
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('combobox', { name: /^Find a command/ })).toBeFocused()
  await page.keyboard.type(words)
  await expect(page.getByRole('option', { name: found, selected: true })).toBeVisible()
  await page.keyboard.press('Enter')
}

/** Drops files or folders on the window, as from the file manager. */
export async function dropOnWindow(page: Page, ...paths: readonly string[]): Promise<void> {
  const browser = await page.context().newCDPSession(page)
  const data = { items: [], files: [...paths], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await browser.send('Input.dispatchDragEvent', { type, x: 400, y: 300, data })
  await browser.detach()
}

/** A notice at the corner that tells of a failure. */
export function badNotice(page: Page): Locator {
  return page.getByRole('region', { name: 'Notices' }).getByRole('alert')
}

const runFile = promisify(execFile)

/** The command line of the same sources. */
export async function hiso(...args: readonly string[]): Promise<string> {
  const script = join(repository, 'dist', 'hiso.js')
  const { stdout } = await runFile(process.execPath, [script, ...args], { cwd: repository })
  return stdout
}

/** Plays a config with the command line. @returns the run's folder */
export async function playWithCommandLine(
  library: string,
  name: string,
  config: string,
  ...overrides: readonly string[]
): Promise<string> {
  await mkdir(library, { recursive: true })
  const folder = join(library, name)
  const file = join(dirname(library), `${basename(name)}.yaml`)
  await writeFile(file, config)
  await hiso('run', file, '--out', folder, ...overrides.flatMap((each) => ['--set', each]))
  return folder
}
