/**
 * A trained model that came by mail, made by the command line: told of, rebuilt, and refused with
 * another base.
 */
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { dropOnWindow, hiso, openApp, writeConfig } from './app.ts'
import { languageText, mailsText } from './configs.ts'
import { repository } from './repository.ts'
import { chooseInDialogs, expect, test, type Studio } from './studio.ts'

const base = join(repository, 'resources', 'models', 'opt-mail')

/** @returns the `.hiso` file of a short run of the shipped decoder */
async function mailFrom(studio: Studio): Promise<string> {
  const mails = await writeConfig(studio, 'mails.jsonl', mailsText())
  const config = await writeConfig(studio, 'mails.yaml', languageText(mails))
  const folder = join(studio.library, 'sent')
  await hiso('run', config, '--out', folder)
  const file = join(dirname(studio.library), 'sent.hiso')
  await hiso('pack', folder, file)
  return file
}

/** The shipped decoder with one weight of another value. */
async function otherBase(studio: Studio): Promise<string> {
  const folder = join(dirname(studio.library), 'other-decoder')
  await mkdir(folder)
  for (const name of ['config.json', 'tokenizer.json'])
    await copyFile(join(base, name), join(folder, name))
  const bytes = await readFile(join(base, 'model.onnx'))
  const middle = bytes.length >> 1
  bytes.writeUInt8(bytes.readUInt8(middle) ^ 1, middle)
  await writeFile(join(folder, 'model.onnx'), bytes)
  return folder
}

test('a mailed adapter is saved, and its model tried on a text', async ({ studio }) => {
  const file = await mailFrom(studio)
  const { app, page } = await openApp(studio)
  await dropOnWindow(page, file)
  const dialog = page.getByRole('dialog', { name: 'A trained model' })
  await dialog.getByRole('radio', { name: 'LoRA adapter' }).click()
  const folder = dirname(studio.library)
  const names = ['adapter_config.json', 'adapter_model.safetensors', 'README.md']
  await chooseInDialogs(app, ...names.map((name) => join(folder, name)))
  await dialog.getByRole('button', { name: 'Save the model…' }).click()
  await expect(dialog.getByRole('status')).toContainText(
    'Saved adapter_config.json, adapter_model.safetensors and README.md.',
  )
  const fromTerminal = join(folder, 'adapter')
  await hiso('unpack', file, '--as', 'peft', '--out', fromTerminal)
  for (const name of names) {
    const saved = await readFile(join(folder, name))
    expect(saved.equals(await readFile(join(fromTerminal, name))), name).toBe(true)
  }

  await dialog.getByRole('button', { name: 'Try it on a text' }).click()
  const view = page.getByRole('main', { name: 'Try' })
  await expect(view).toContainText('The model of sent.hiso')
  await view.getByRole('textbox', { name: 'Body' }).fill('Win money now, click here to order')
  await view.getByRole('button', { name: 'Ask both' }).click()
  await expect(page.getByTestId('answer-before')).toContainText('%')
  await expect(page.getByTestId('answer-after')).toContainText('%')
  await expect(view).toContainText('after 4 rounds')
  await view.getByRole('button', { name: 'Back to the run on screen' }).click()
  await expect(view).toContainText('Another example')
  await expect(view).not.toContainText('The model of sent.hiso')
})

test('a mailed model is dropped on the window, refused with another base, and rebuilt with its own', async ({
  studio,
}) => {
  const file = await mailFrom(studio)
  const { app, page } = await openApp(studio)
  await dropOnWindow(page, file)
  const dialog = page.getByRole('dialog', { name: 'A trained model' })
  await expect(dialog).toContainText('HiSo, 4 rounds')
  await expect(dialog).toContainText('opt-mail')
  const save = dialog.getByRole('button', { name: 'Save the model…' })

  await chooseInDialogs(app, await otherBase(studio))
  await dialog.getByRole('button', { name: 'Other folder…' }).click()
  await expect(dialog).toContainText('other-decoder')
  await save.click()
  await expect(dialog.getByRole('alert')).toContainText(
    'this is not the model that the run began with',
  )

  await chooseInDialogs(app, base)
  await dialog.getByRole('button', { name: 'Other folder…' }).click()
  const model = join(dirname(studio.library), 'rebuilt.onnx')
  await chooseInDialogs(app, model)
  await save.click()
  await expect(dialog.getByRole('status')).toContainText('its hash is the recorded one')

  const fromTerminal = join(dirname(studio.library), 'terminal.onnx')
  await hiso('unpack', file, '--out', fromTerminal)
  expect((await readFile(model)).equals(await readFile(fromTerminal))).toBe(true)
})
