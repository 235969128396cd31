/**
 * A language model in the app, from its texts to a text of one's own: the shipped decoder learns
 * from a few mails.
 */
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import {
  dropOnWindow,
  fieldOf,
  fillField,
  openApp,
  openConfig,
  pressRun,
  showView,
  untilState,
  writeConfig,
} from './app.ts'
import { languageText, mailsText } from './configs.ts'
import { repository } from './repository.ts'
import { expect, test, type Launched, type Studio } from './studio.ts'

async function openLanguage(studio: Studio): Promise<Launched> {
  const mails = await writeConfig(studio, 'mails.jsonl', mailsText())
  return openConfig(studio, languageText(mails))
}

const figuresOf = (page: Page) => page.getByTestId('figures')

test('a language model is run, and tried before and after', async ({ studio }) => {
  const { page } = await openLanguage(studio)
  const previews = page.getByRole('complementary', { name: /would be/ })
  await expect(previews.getByTestId('rows')).toContainText('Win money now')
  await expect(previews.getByTestId('prompt')).toContainText('Is this mail spam? yes or no: yes')
  await expect(previews.getByTestId('lengths')).toContainText('All of the first 64 rows fit')
  await fillField(page, 'task.maxLength', '20')
  await expect(previews.getByTestId('lengths')).toContainText('have more than 20 tokens')
  await fillField(page, 'task.maxLength', '40')
  const roles = previews.getByTestId('roles')
  await expect(roles.getByRole('checkbox', { name: 'Query' })).toBeChecked()
  await roles.getByRole('checkbox', { name: 'Attention output' }).check()
  await expect(
    fieldOf(page, 'task.trainables.targets').getByRole('button', { name: 'o', exact: true }),
  ).toHaveAttribute('aria-pressed', 'true')
  await expect(roles.getByRole('checkbox', { name: 'Attention output' })).toBeChecked()

  await pressRun(page)
  await untilState(page, 'Finished', 60_000)
  await expect(figuresOf(page)).toContainText(/Zero-shot\s*\d+/)

  await showView(page, 'Try')
  const form = page.getByRole('form', { name: 'A text to try the model on' })
  const body = form.getByLabel('Body')
  await expect(body).toHaveValue(/Win money|See you/)
  const first = await body.inputValue()
  await form.getByRole('button', { name: 'Another example' }).click()
  await expect(body).not.toHaveValue(first)
  await body.fill('Order now and win')
  await form.getByRole('button', { name: 'Ask both' }).click()
  for (const side of ['before', 'after']) {
    const answer = page.getByTestId(`answer-${side}`)
    await expect(answer).toContainText(/yes|no/)
    await expect(answer).toContainText(/\d %|\d%/)
  }
  await expect(page.getByRole('region', { name: 'The prompt' })).toContainText('Order now and win')
})

test('what is wrong with texts and words stands at the field that can put it right', async ({
  studio,
}) => {
  const { page } = await openLanguage(studio)
  const template = fieldOf(page, 'task.template')
  await expect(page.getByTestId('prompt')).toBeVisible()

  // Its words are no single tokens of the shipped tokenizer.
  await fillField(page, 'task.template', 'sst2')
  await expect(template.getByRole('alert')).toContainText(/" terrible" is \d tokens/)

  // Another template needs other columns: they are asked for one by one.
  await fillField(page, 'task.template', 'rte')
  const columns = fieldOf(page, 'task.columns')
  await expect(columns.getByRole('alert')).toContainText('There is no column "premise"')
  await columns.getByRole('combobox', { name: 'Column for premise' }).click()
  await page.getByRole('option', { name: 'body', exact: true }).click()
  await expect(columns.getByRole('alert')).toContainText('There is no column "hypothesis"')

  await fillField(page, 'task.template', 'spam')
  await expect(template.getByRole('alert')).toHaveCount(0)
  await fillField(page, 'task.dataset', '/nowhere/mails.jsonl')
  await expect(fieldOf(page, 'task.dataset').getByRole('alert')).toContainText(
    /neither a bundled set of texts nor a file/,
  )
})

test('a model that answers in words is measured and tried in words', async ({ studio }) => {
  const articles = Array.from({ length: 24 }, (_, i) =>
    JSON.stringify({
      document: `On day ${i} it rained in the north.`,
      summary: `Rain on day ${i}.`,
    }),
  )
  const dataset = await writeConfig(studio, 'articles.jsonl', articles.join('\n'))
  const text = languageText(dataset).replace('template: spam', 'template: xsum')
  const { page } = await openConfig(studio, text)
  await pressRun(page)
  await untilState(page, 'Finished', 60_000)
  const answers = page.getByRole('region', { name: 'Answers' })
  await expect(answers).toContainText('ROUGE-L')
  await expect(answers).toContainText('zero-shot')

  await showView(page, 'Try')
  const form = page.getByRole('form', { name: 'A text to try the model on' })
  await form.getByLabel('Document').fill('It snowed all night.')
  await form.getByRole('button', { name: 'Ask both' }).click()
  for (const side of ['before', 'after'])
    await expect(page.getByTestId(`answer-${side}`)).toContainText(/\S/, { timeout: 30_000 })
  await expect(page.getByRole('region', { name: 'The prompt' })).toContainText(
    'It snowed all night.',
  )
})

test('texts, a decoder’s folder or file, a tokenizer and a template that are dropped make a language task', async ({
  studio,
}) => {
  const { page } = await openApp(studio)
  const mails = await writeConfig(studio, 'mails.jsonl', mailsText())
  const decoder = join(repository, 'resources', 'models', 'opt-mail')
  const table = await writeConfig(studio, 'reviews.csv', 'text,label\nI liked it,1\nA bore,0\n')
  await dropOnWindow(page, table)
  await expect(fieldOf(page, 'task.dataset').getByRole('textbox')).toHaveValue(table)
  await dropOnWindow(page, mails)
  await expect(fieldOf(page, 'task.dataset').getByRole('textbox')).toHaveValue(mails)
  await dropOnWindow(page, decoder)
  await expect(fieldOf(page, 'task.model').getByRole('textbox')).toHaveValue(decoder)
  await dropOnWindow(page, join(decoder, 'tokenizer.json'))
  await expect(fieldOf(page, 'task.tokenizer').getByRole('textbox')).toHaveValue(/tokenizer\.json$/)
  const model = join(decoder, 'model.onnx')
  await dropOnWindow(page, model)
  await expect(fieldOf(page, 'task.model').getByRole('textbox')).toHaveValue(model)
  const template = join(repository, 'resources', 'templates', 'sst2.yaml')
  await dropOnWindow(page, template)
  await expect(fieldOf(page, 'task.template').getByRole('textbox')).toHaveValue(template)
  await expect(fieldOf(page, 'task.dataset').getByRole('textbox')).toHaveValue(mails)
})
