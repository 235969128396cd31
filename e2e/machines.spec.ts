/** Other machines in the window: who works for a run, and who takes part in a federation. */
import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { brokerProgram, TestBroker } from '../core/testing/broker.ts'
import { openConfig, pressRun, roundsOf, untilRounds, untilState } from './app.ts'
import { quadraticText } from './configs.ts'
import { repository } from './repository.ts'
import { expect, test } from './studio.ts'

test.skip(
  brokerProgram === undefined && process.env['CI'] === undefined,
  'nats-server is not installed',
)

/** A `hiso` that goes on; resolves once it has said this. */
async function start(said: string, ...args: readonly string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(repository, 'dist/hiso.js'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface({ input: child.stdout })) if (line.includes(said)) break
  child.stdout.resume()
  return child
}

test('Watch says which machines work for a run, and how much each does', async ({ studio }) => {
  const broker = await TestBroker.start()
  const worker = await start(
    'offers',
    'worker',
    broker.address,
    '--workers',
    '1',
    '--name',
    'attic',
  )
  const text = quadraticText(200_000, 5000).replace(
    'workers: 1 }',
    `workers: 1, cluster: "${broker.address}" }`,
  )
  const { page } = await openConfig(studio, text)
  await pressRun(page)
  const panel = page.getByTestId('machines')
  await expect(panel.getByRole('row', { name: /attic/ })).toContainText('1 of 1 work')
  await expect(panel.getByRole('row', { name: /attic/ })).toContainText('%')
  await expect(panel.getByRole('row', { name: /This machine/ })).toContainText('%')
  await panel.scrollIntoViewIfNeeded()
  await studio.screenshot(page, 'machines')
  worker.kill('SIGKILL')
  await expect(panel.getByRole('row', { name: /attic/ })).toContainText('away')
  await untilRounds(page, (await roundsOf(page)) + 10)
  await studio.screenshot(page, 'machines-away')
  await broker.close()
})

test('a federation is served from the form, stopped, and goes on with the same clients', async ({
  studio,
}) => {
  const broker = await TestBroker.start()
  const text = quadraticText(20_000).replace(
    'clients: 4, participants: 2',
    'clients: 3, participants: 3',
  )
  const { page } = await openConfig(studio, text)
  await page.getByRole('button', { name: 'Serve to real clients' }).click()
  const dialog = page.getByRole('dialog', { name: 'Serve to real clients' })
  await dialog.getByLabel('Names of clients').fill('ana ben cem dan')
  await expect(dialog).toContainText('4 names, and the federation has 3 clients')
  await dialog.getByLabel('Names of clients').fill('ana ben cem')
  await dialog.getByRole('radio', { name: 'Invited' }).click()
  await dialog.getByRole('button', { name: 'Write credentials' }).click()
  await expect(dialog).toContainText('--client ana --credentials ana.yaml')
  await studio.screenshot(page, 'serve-invited')
  await dialog.getByRole('radio', { name: 'Everybody' }).click()
  await dialog.getByRole('textbox', { name: 'Broker' }).fill(broker.address)
  await studio.screenshot(page, 'serve')
  await dialog.getByRole('button', { name: 'Serve', exact: true }).click()
  await expect(page.getByText('Waiting for clients: 0 of 3 are here')).toBeVisible()
  const clients = ['ana', 'ben', 'cem'].map((name) =>
    start('is client', 'join', broker.address, '--client', name),
  )
  const panel = page.getByTestId('clients')
  await untilRounds(page, 20)
  await page.getByRole('button', { name: 'Stop' }).click()
  await untilState(page, 'Stopped')
  const stoppedAt = await roundsOf(page)
  expect(stoppedAt).toBeLessThan(20_000)
  await page.getByRole('button', { name: 'Resume' }).click()
  await untilRounds(page, stoppedAt + 20)
  for (const name of ['ana', 'ben', 'cem'])
    await expect(panel.getByRole('row', { name })).toContainText(/\d+ of \d+/)
  await panel.scrollIntoViewIfNeeded()
  await studio.screenshot(page, 'federation')
  for (const client of await Promise.all(clients)) client.kill('SIGKILL')
  await broker.close()
})
