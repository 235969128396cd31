/**
 * The form: every section changed, each kind of error at its field, undo and redo, what differs,
 * and the command line that does the same.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Page } from '@playwright/test'
import { parseConfigText } from '../core/config/index.ts'
import { chooseField, fieldOf, fillField, hiso, openApp, openConfig } from './app.ts'
import { mnistText, quadraticText } from './configs.ts'
import { chooseInDialogs, expect, test } from './studio.ts'

const errorAt = (page: Page, path: string) => fieldOf(page, path).getByRole('alert')
const isMarked = (page: Page, path: string) =>
  fieldOf(page, path).locator('[aria-invalid="true"]').count()

test('each kind of error is said at its field, and Run waits until it is gone', async ({
  studio,
}) => {
  const { page } = await openConfig(studio, mnistText(20))
  const cases: readonly (readonly [path: string, text: string, error: RegExp])[] = [
    // Task, Clients and split, Method, Hessian, Run: one of each section and of each kind of
    // mistake.
    ['task.dataset', '', /at least 1 characters? long/],
    ['federation.clients', '0', /at least 1/],
    ['federation.clients', 'eight', /whole number|number/],
    ['federation.clients', '2.5', /whole number/],
    ['federation.participants', '9', /at most “Clients” \(8\)/],
    ['federation.dropout', '1.5', /less than 1/],
    ['split.alpha', '0', /more than 0/],
    ['method.learningRate', '-1', /more than 0/],
    ['method.perturbations', '0', /at least 1/],
    ['method.hessian.nu', '2', /at most 1/],
    ['method.hessian.epsilon', '-1e-8', /at least 0/],
    ['federation.rounds', '', /missing|number/],
    ['compute.workers', 'many', /auto|number/],
    ['name', '', /at least 1 characters? long/],
    ['seed', '4294967296', /at most 4294967295/],
  ]
  for (const [path, text, error] of cases) {
    const input = fieldOf(page, path).locator('input')
    const good = await input.inputValue()
    await input.fill(text)
    await expect(errorAt(page, path), `${path} = ${text}`).toContainText(error)
    expect(await isMarked(page, path), `${path} is marked`).toBe(1)
    await expect(page.getByTestId('run')).toHaveAttribute('aria-disabled', 'true')
    await input.fill(good)
    await expect(errorAt(page, path), `${path} = ${good}`).toHaveCount(0)
  }
  await expect(page.getByTestId('run')).not.toHaveAttribute('aria-disabled', 'true')

  await fillField(page, 'federation.clients', '2')
  await fillField(page, 'method.mu', '0')
  const sections = page.getByRole('navigation', { name: 'Sections of the configuration' })
  await expect(sections.getByRole('button', { name: /^Clients and split/ })).toContainText('1')
  // It says why instead of running; Playwright would wait until it is enabled.
  await page.getByTestId('run').click({ force: true })
  await expect(page.getByRole('main', { name: 'Configure' })).toBeVisible()
})

test('what the engine finds wrong with data, split or model stands at its field too', async ({
  studio,
}) => {
  const { page } = await openConfig(studio, mnistText(20))
  const sections = page.getByRole('navigation', { name: 'Sections of the configuration' })
  await fillField(page, 'federation.clients', '50000')
  await expect(errorAt(page, 'federation.clients')).toContainText(/50000 clients .* Use at most/)
  await expect(sections.getByRole('button', { name: /^Clients and split/ })).toContainText('1')
  await fillField(page, 'federation.clients', '4')
  await expect(errorAt(page, 'federation.clients')).toHaveCount(0)
  await fillField(page, 'task.model', 'mpl')
  await expect(errorAt(page, 'task.model')).toContainText('Did you mean mlp?')
  await fillField(page, 'task.model', 'mlp')
  await expect(errorAt(page, 'task.model')).toHaveCount(0)
  await fillField(page, 'task.dataset', 'mnits')
  await expect(errorAt(page, 'task.dataset')).toContainText('Did you mean mnist?')
})

test('every section is changed, undone, redone, filtered to what differs, and copied as a command that runs the same', async ({
  studio,
}) => {
  const { app, page } = await openApp(studio)
  const start = async () => {
    await page.keyboard.press('Control+n')
    await page.getByRole('button', { name: 'Configure Quadratic low rank' }).click()
    await expect(page.getByRole('toolbar', { name: 'Configuration' })).toContainText('Quadratic')
  }
  await start()
  await fillField(page, 'task.dim', '50')
  await chooseField(page, 'task.spectrum.kind', 'Power law')
  await fillField(page, 'federation.clients', '6')
  await chooseField(page, 'method.estimator', 'Central')
  await fillField(page, 'method.hessian.nu', '0.1')
  await chooseField(page, 'network.kind', 'LTE')
  await fillField(page, 'network.latency', '50')
  await fillField(page, 'devices.deadline', '2.5')
  await expect(page.getByText('On LTE', { exact: true })).toBeVisible()
  await fillField(page, 'federation.rounds', '12')
  await fillField(page, 'name', 'It’s mine')

  const changes = page.getByRole('button', { name: /\d+ changes?$/ })
  const all = (await changes.textContent())!.trim()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(fieldOf(page, 'name').locator('input')).toHaveValue('quadratic-low-rank')
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(fieldOf(page, 'federation.rounds').locator('input')).toHaveValue('500')
  await page.getByRole('button', { name: 'Redo' }).click()
  await page.getByRole('button', { name: 'Redo' }).click()
  await expect(fieldOf(page, 'name').locator('input')).toHaveValue('It’s mine')
  await expect(changes).toHaveText(all)

  await changes.click()
  await expect(fieldOf(page, 'federation.clients')).toBeVisible()
  await expect(fieldOf(page, 'method.hessian.epsilon')).toHaveCount(0)
  await expect(fieldOf(page, 'seed')).toHaveCount(0)
  await fieldOf(page, 'federation.clients')
    .getByRole('button', { name: /put it back/ })
    .click()
  await expect(fieldOf(page, 'federation.clients')).toHaveCount(0)
  await page.getByRole('button', { name: 'Only changes' }).click()
  await expect(fieldOf(page, 'federation.clients').locator('input')).toHaveValue('8')

  await page.getByRole('button', { name: 'Copy as command line' }).click()
  const copied = () => app.evaluate(({ clipboard }) => clipboard.readText())
  await expect.poll(copied).toMatch(/^hiso run quadratic-low-rank /)
  const command = await copied()
  const saved = join(dirname(studio.library), 'saved.yaml')
  await chooseInDialogs(app, saved)
  await page.getByRole('button', { name: 'Save the configuration' }).click()
  await expect.poll(() => readFile(saved, 'utf8').catch(() => '')).toContain('mine')

  const folder = join(studio.library, 'copied')
  await hiso(...wordsOf(command).slice(1), '--out', folder)
  const played = await readFile(join(folder, 'config.yaml'), 'utf8')
  const wanted = await readFile(saved, 'utf8')
  expect(parseConfigText(played, 'played')).toEqual(parseConfigText(wanted, 'wanted'))
})

/** The words of a command as a shell takes them: single quotes, and a quote inside them as '\''. */
function wordsOf(command: string): string[] {
  return [...command.matchAll(/(?:[^\s']|'[^']*'|\\')+/g)].map(([word]) =>
    word.replace(
      /'([^']*)'|\\(')/g,
      (_, quoted?: string, escaped?: string) => quoted ?? escaped ?? '',
    ),
  )
}

test('a saved configuration is opened again, and a folder of runs gives the same form', async ({
  studio,
}) => {
  const folder = await mkdtemp(join(tmpdir(), 'hiso-config-'))
  try {
    const { app, page } = await openConfig(studio, quadraticText(33))
    await expect(fieldOf(page, 'federation.rounds').locator('input')).toHaveValue('33')
    const other = join(folder, 'other.yaml')
    await writeFile(other, mnistText(44))
    await chooseInDialogs(app, other)
    await page.getByRole('button', { name: 'Open a configuration' }).click()
    await expect(fieldOf(page, 'federation.rounds').locator('input')).toHaveValue('44')
    await expect(fieldOf(page, 'task.dataset').locator('input')).toHaveValue('mnist')
    await expect(page.getByText(/8 clients × 10 classes/)).toBeVisible({ timeout: 30_000 })
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(fieldOf(page, 'federation.rounds').locator('input')).toHaveValue('33')
    const saved = join(folder, 'saved.yaml')
    await chooseInDialogs(app, saved)
    await page.keyboard.press('Control+Shift+s')
    // Editors check and complete it by the schema beside it.
    await expect(async () => {
      expect(await readFile(saved, 'utf8')).toMatch(/^# .*\$schema=\.\/hiso\.schema\.json\n/)
      const schema = await readFile(join(folder, 'hiso.schema.json'), 'utf8')
      expect(JSON.parse(schema)).toMatchObject({ title: 'A run of HiSo Studio' })
    }).toPass()
  } finally {
    await rm(folder, { recursive: true })
  }
})
