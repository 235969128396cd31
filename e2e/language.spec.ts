/** A language model in the app, from its texts to a text of one's own: the shipped decoder learns from a few mails. */
import type { Page } from '@playwright/test'
import { openConfig, pressRun, showView, untilState, writeConfig } from './app.ts'
import { languageText, mailsText } from './configs.ts'
import { expect, test, type Launched, type Studio } from './studio.ts'

async function openLanguage(studio: Studio): Promise<Launched> {
  const mails = await writeConfig(studio, 'mails.jsonl', mailsText())
  return openConfig(studio, languageText(mails))
}

const figuresOf = (page: Page) => page.getByTestId('figures')

test('a language model is run, and tried before and after', async ({ studio }) => {
  const { page } = await openLanguage(studio)
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
