/** Other machines in the window: who works for a run, and who takes part in a federation. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { brokerProgram, TestBroker } from '../core/testing/broker.ts'
import { openConfig, openPlayed, pressRun, roundsOf, untilRounds, writeConfig } from './app.ts'
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

test('Watch says who takes part in a federation, and on whom rounds wait', async ({ studio }) => {
  const broker = await TestBroker.start()
  const folder = join(studio.library, 'study')
  const config = await writeConfig(
    studio,
    'study',
    quadraticText(400).replace('clients: 4, participants: 2', 'clients: 3, participants: 3'),
  )
  const served = start(
    'Waiting for clients',
    ...['serve', config, '--broker', broker.address, '--out', folder],
  )
  const clients = ['ana', 'ben', 'cem'].map((name) =>
    start('is client', 'join', broker.address, '--client', name),
  )
  const server = await served
  await once(server, 'exit')
  await Promise.all(clients)
  const { page } = await openPlayed(studio, folder)
  const panel = page.getByTestId('clients')
  await panel.scrollIntoViewIfNeeded()
  for (const name of ['ana', 'ben', 'cem']) {
    const row = panel.getByRole('row', { name })
    await expect(row).toContainText('to the end')
    await expect(row).toContainText('400 of 400')
  }
  await studio.screenshot(page, 'federation')
  await broker.close()
})
