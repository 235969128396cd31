/**
 * Files by way of the shell: dialogs that remember, writing only what was chosen, recent files, the
 * trash for runs alone.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { askShell, shellEvents, untilReady } from './bare.ts'
import { chooseInDialogs, chooseInMenu, expect, test } from './studio.ts'

test('what is saved is written whole, and can be saved again without asking', async ({
  studio,
}) => {
  const { app, page } = await studio.launch({ bare: true })
  await untilReady(page)
  await mkdir(studio.library, { recursive: true })
  const file = join(studio.library, 'chart')
  await chooseInDialogs(app, file)
  expect(await askShell(page, 'saveAs', 'csv', 'chart', 'a,b\n')).toBe(`${file}.csv`)
  expect(await readFile(`${file}.csv`, 'utf8')).toBe('a,b\n')
  await askShell(page, 'saveAgain', `${file}.csv`, 'c,d\n')
  expect(await readFile(`${file}.csv`, 'utf8')).toBe('c,d\n')
})

test('nothing is written where the user has not pointed', async ({ studio }) => {
  const { page } = await studio.launch({ bare: true })
  await untilReady(page)
  await mkdir(studio.library, { recursive: true })
  const file = join(studio.library, 'elsewhere.csv')
  await expect(askShell(page, 'saveAgain', file, 'x')).rejects.toThrow('use Save as')
})

test('a folder that is gone is a message with a remedy', async ({ studio }) => {
  const { app, page } = await studio.launch({ bare: true })
  await untilReady(page)
  await chooseInDialogs(app, join(studio.library, 'not', 'there.csv'))
  await expect(askShell(page, 'saveAs', 'csv', 'a.csv', '')).rejects.toThrow('Choose another one')
})

test('recent files are in the menu, and open from there', async ({ studio }) => {
  const { app, page } = await studio.launch({ bare: true })
  await untilReady(page)
  await mkdir(studio.library, { recursive: true })
  const config = join(studio.library, 'mine.yaml')
  await writeFile(config, 'name: mine')
  await askShell(page, 'rememberRecent', { kind: 'config', path: config })
  const labels = await app.evaluate(({ Menu }) => {
    const items = Menu.getApplicationMenu()?.getMenuItemById('recent')?.submenu?.items ?? []
    items[0]?.click()
    return items.map(({ label }) => label)
  })
  expect(labels[0]).toBe(config)
  await expect.poll(() => shellEvents(page)).toContainEqual(['fileOpened', { path: config }])
})

test('only runs can be moved to the trash', async ({ studio }) => {
  const { app, page } = await studio.launch({ bare: true })
  await untilReady(page)
  await app.evaluate(({ shell }) => {
    const trashed: string[] = []
    Object.assign(globalThis, { trashed })
    Object.assign(shell, { trashItem: (path: string) => Promise.resolve(void trashed.push(path)) })
  })
  const run = join(studio.library, 'run')
  await mkdir(run, { recursive: true })
  await expect(askShell(page, 'trash', [run])).rejects.toThrow('only runs')
  await writeFile(join(run, 'run.json'), '{ "format": 1 }')
  await askShell(page, 'trash', [run])
  expect(
    await app.evaluate(() => (globalThis as unknown as { trashed: string[] }).trashed),
  ).toEqual([run])
})

test('every command of the menus reaches the page', async ({ studio }) => {
  const { app, page } = await studio.launch({ bare: true })
  await untilReady(page)
  const commands = ['newRun', 'openConfig', 'saveConfig', 'exportRun', 'undo', 'redo', 'startRun']
  commands.push(
    'pauseRun',
    'stepRun',
    'stopRun',
    'showWatch',
    'showWire',
    'showCompare',
    'showRuns',
  )
  commands.push('showCommandPalette', 'showSettings', 'showGuide', 'showDocumentation')
  for (const command of commands) await chooseInMenu(app, command)
  const chosen = async () =>
    (await shellEvents(page)).flatMap(([name, event]) =>
      name === 'menuCommandChosen' ? [event['command']] : [],
    )
  await expect.poll(chosen).toEqual(commands)
  await askShell(page, 'enableCommands', { stopRun: false })
  const isEnabled = await app.evaluate(
    ({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('stopRun')?.enabled,
  )
  expect(isEnabled).toBe(false)
})
