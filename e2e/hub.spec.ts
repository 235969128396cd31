/** Downloads from the hub in the app, against a hub on this machine. */
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { startHubServer, type HubRepository, type HubServer } from '../core/testing/hubServer.ts'
import { chooseInPalette, fieldOf, openConfig } from './app.ts'
import { languageText, mailsText } from './configs.ts'
import { repository } from './repository.ts'
import { expect, test, type Launched, type Studio } from './studio.ts'

const texts: HubRepository = {
  kind: 'dataset',
  id: 'people/mails',
  files: { 'mails.jsonl': new TextEncoder().encode(mailsText()) },
}

async function decoder(): Promise<HubRepository> {
  const names = ['config.json', 'tokenizer.json', 'model.onnx']
  const files = await Promise.all(
    names.map(async (name) => [
      name,
      new Uint8Array(await readFile(join(repository, 'resources', 'models', 'opt-mail', name))),
    ]),
  )
  return { kind: 'model', id: 'people/decoder', files: Object.fromEntries(files) }
}

let hub: HubServer
test.beforeEach(async () => {
  hub = await startHubServer([await decoder(), texts])
})
test.afterEach(() => hub.close())

function openStudio(studio: Studio, env: Readonly<Record<string, string>> = {}): Promise<Launched> {
  const home = join(dirname(studio.library), 'hub')
  return openConfig(studio, languageText('spam-mail'), {
    env: { HF_ENDPOINT: hub.endpoint, HF_HOME: home, ...env },
  })
}

const dialogOf = (page: Page): Locator =>
  page.getByRole('dialog', { name: 'Download from the hub' })

/** Through the menu of a field of the form. */
async function openAtField(page: Page, path: string): Promise<Locator> {
  await fieldOf(page, path)
    .getByRole('button', { name: /^Choose a/ })
    .click()
  await page.getByRole('menuitem', { name: 'From the hub…' }).click()
  return dialogOf(page)
}

test('a dataset and a model are downloaded where they are chosen, and a run can be configured with them', async ({
  studio,
}) => {
  const { page } = await openStudio(studio)
  let dialog = await openAtField(page, 'task.dataset')
  await expect(dialog.getByRole('radio', { name: 'Dataset' })).toBeChecked()
  await dialog.getByLabel('Id').fill('people/mails')
  await page.keyboard.press('Enter')
  await expect(dialog.getByRole('status')).toContainText('hf:people/mails')
  await dialog.getByRole('button', { name: 'Use in the configuration' }).click()
  await expect(dialog).toBeHidden()
  await expect(fieldOf(page, 'task.dataset').getByRole('textbox')).toHaveValue(/^hf:people\/mails/)

  dialog = await openAtField(page, 'task.model')
  await expect(dialog.getByRole('radio', { name: 'Model' })).toBeChecked()
  await dialog.getByLabel('Id').fill('people/decoder')
  await dialog.getByRole('button', { name: 'Download' }).click()
  await expect(dialog.getByRole('status')).toContainText('model.onnx')
  await dialog.getByRole('button', { name: 'Use in the configuration' }).click()
  await expect(fieldOf(page, 'task.model').getByRole('textbox')).toHaveValue(/^hf:people\/decoder/)

  const previews = page.getByRole('complementary', { name: /would be/ })
  await expect(previews.getByTestId('rows')).toContainText('Win money now', { timeout: 30_000 })
})

test('what the hub does not have is said, and asked for again after it was put right', async ({
  studio,
}) => {
  const { page } = await openStudio(studio)
  await chooseInPalette(page, 'hub', /Download from the hub/)
  const dialog = dialogOf(page)
  const download = dialog.getByRole('button', { name: 'Download' })
  await expect(download).toBeDisabled()
  await dialog.getByRole('radio', { name: 'Dataset' }).click()
  await dialog.getByLabel('Id').fill('people/nothing')
  await download.click()
  await expect(dialog.getByRole('alert')).toContainText('people/nothing')
  await dialog.getByLabel('Id').fill('people/mails')
  await download.click()
  await expect(dialog.getByRole('status')).toContainText('hf:people/mails')
  await expect(dialog.getByRole('alert')).toHaveCount(0)
})

test('offline it says so, and what there is instead', async ({ studio }) => {
  const { page } = await openStudio(studio, { HF_HUB_OFFLINE: '1' })
  const dialog = await openAtField(page, 'task.model')
  await dialog.getByLabel('Id').fill('people/decoder')
  await dialog.getByRole('button', { name: 'Download' }).click()
  await expect(dialog.getByRole('alert')).toContainText('HF_HUB_OFFLINE')
  expect(hub.requests).toEqual([])
})
