/**
 * What goes wrong outside the app: a message with a remedy, the window as usable as before, and
 * never a blank one.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Page } from '@playwright/test'
import {
  badNotice,
  dropOnWindow,
  fieldOf,
  openApp,
  openConfig,
  openPlayed,
  playWithCommandLine,
  pressRun,
  showView,
  untilRounds,
  untilState,
  writeConfig,
} from './app.ts'
import { mnistText, quadraticText } from './configs.ts'
import { chooseInDialogs, expect, test } from './studio.ts'

/** Bad news stays; good news may have left by itself before it is clicked. */
async function dismissAll(page: Page): Promise<void> {
  const buttons = page
    .getByRole('region', { name: 'Notices' })
    .getByRole('button', { name: 'Dismiss' })
  while ((await buttons.count()) > 0)
    await buttons
      .first()
      .click({ timeout: 1000 })
      .catch(() => {})
}

test('files of the wrong kind are refused with a reason, one by one', async ({ studio }) => {
  const { page } = await openApp(studio)
  const cases: readonly (readonly [name: string, content: string, reason: RegExp])[] = [
    ['picture.gif', 'GIF89a', /neither a configuration, a run,/i],
    ['broken.yaml', 'name: [', /broken\.yaml/],
    ['unknown.yaml', `${quadraticText(5)}warmth: 3\n`, /warmth.*not a known key.*newer version/s],
    [
      'newer.yaml',
      quadraticText(5).replace('perturbations', 'perturbation'),
      /did you mean perturbations/,
    ],
    ['other.json', '[1, 2, 3]', /one JSON list/],
    ['model.onnx', 'this is no model', /ONNX|model/i],
    ['broken.hiso', 'this is no run', /broken\.hiso|run/],
    ['empty.csv', '', /samples|empty|rows/],
  ]
  const intoForm = new Set(['model.onnx', 'other.json', 'empty.csv'])
  for (const [name, content, reason] of cases) {
    await dropOnWindow(page, await writeConfig(studio, name, content))
    if (intoForm.has(name)) {
      // What is wrong with them stands beside it.
      await expect(page.getByRole('complementary', { name: /would be/ })).toContainText(reason)
      await expect(page.getByRole('complementary').getByRole('status').first()).toBeVisible()
      await page.getByRole('button', { name: 'Undo' }).click()
      continue
    }
    await expect(badNotice(page).last(), name).toContainText(reason)
    await dismissAll(page)
  }
  if (process.platform !== 'win32') {
    // Reading them would never end.
    const folder = dirname(await writeConfig(studio, 'beside.yaml', ''))
    for (const name of ['pipe.csv', 'pipe.yaml']) {
      execFileSync('mkfifo', [join(folder, name)])
      await dropOnWindow(page, join(folder, name))
      await expect(badNotice(page).last(), name).toContainText(/no regular file/)
      await dismissAll(page)
    }
  }
  await expect(page.getByTestId('run')).toBeVisible()
})

test('a run folder that is deleted or damaged while it is open is a message, and the rest goes on', async ({
  studio,
}) => {
  const folder = await playWithCommandLine(studio.library, 'gone', mnistText(20))
  const damaged = await playWithCommandLine(studio.library, 'damaged', quadraticText(20))
  const { app, page } = await openPlayed(studio, folder)
  await rename(folder, `${folder}-moved`)
  await chooseInDialogs(app, join(dirname(studio.library), 'gone.csv'))
  await page.getByRole('button', { name: 'Export the run' }).click()
  await page.getByRole('menuitem', { name: 'Metrics as CSV…' }).click()
  await expect(badNotice(page)).toContainText(/no run here|not there|gone/)
  await dismissAll(page)
  await showView(page, 'Wire')
  await expect(page.getByText(/no run here|not there|gone/).first()).toBeVisible()

  const log = await readFile(join(damaged, 'scalars.log'))
  log[40]! ^= 0xff
  await writeFile(join(damaged, 'scalars.log'), log)
  await chooseInDialogs(app, damaged)
  await page.keyboard.press('Control+Shift+o')
  await expect(badNotice(page)).toContainText(/damaged/)
  await dismissAll(page)
  await writeFile(join(damaged, 'run.json'), '{ "format": 99 }')
  await page.keyboard.press('Control+Shift+o')
  await expect(badNotice(page)).toContainText(/newer/)
  await dismissAll(page)
  await showView(page, 'Runs')
  await showView(page, 'Configure')
  await expect(fieldOf(page, 'name')).toBeVisible()
})

test('a run folder that is deleted in mid-run ends that run with a message, not the window', async ({
  studio,
}) => {
  const { page } = await openConfig(studio, mnistText(100_000))
  await pressRun(page)
  await untilRounds(page, 10)
  await rm(studio.library, { recursive: true, force: true, maxRetries: 5 })
  await untilState(page, 'Failed')
  await expect(badNotice(page)).toContainText('the folder of this run is gone')
  await expect(page.getByTestId('run')).toBeEnabled()
})

test('a run that diverges says why and what to do, when it happens and whenever it is opened again', async ({
  studio,
}) => {
  const reason = /the run has diverged.*Try a smaller method\.learningRate/s
  const wild = quadraticText(200).replace('learningRate: 0.05', 'learningRate: 1e6')
  const { page } = await openConfig(studio, wild)
  await pressRun(page)
  await untilState(page, 'Failed')
  await expect(badNotice(page)).toContainText(reason)
  await dismissAll(page)
  await page.reload()
  await showView(page, 'Runs')
  await page.getByRole('row', { name: /valley/ }).dblclick()
  await untilState(page, 'Failed')
  await expect(page.getByTestId('failure')).toContainText(reason)
})

function canMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false
  const folder = mkdtempSync(join(tmpdir(), 'hiso-mount-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', folder], { stdio: 'ignore' })
    execFileSync('umount', [folder])
    return true
  } catch {
    return false
  } finally {
    rmdirSync(folder)
  }
}

test.describe('a full disk', () => {
  test.skip(!canMount(), 'mounting takes root on Linux, and containers often forbid it')

  test('an export, a configuration and a run that find no room say so, and nothing is lost', async ({
    studio,
  }) => {
    const small = join(dirname(studio.library), 'small')
    await mkdir(small)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', small])
    try {
      const folder = await playWithCommandLine(studio.library, 'a', quadraticText(600))
      const { app, page } = await openPlayed(studio, folder)
      await chooseInDialogs(app, join(small, 'export.csv'))
      await page.getByRole('button', { name: 'Export the run' }).click()
      await page.getByRole('menuitem', { name: 'Metrics as CSV…' }).click()
      await expect(badNotice(page)).toContainText(
        'the disk is full. Make room or choose another disk',
      )
      await dismissAll(page)
      await chooseInDialogs(app, join(dirname(studio.library), 'export.csv'))
      await page.getByRole('button', { name: 'Export the run' }).click()
      await page.getByRole('menuitem', { name: 'Metrics as CSV…' }).click()
      await expect
        .poll(() => readFile(join(dirname(studio.library), 'export.csv'), 'utf8').catch(() => ''))
        .toContain('trainLoss')
    } finally {
      execFileSync('umount', ['-l', small])
    }
  })

  test('a run whose disk fills up ends with the reason, and what it had stays readable', async ({
    studio,
  }) => {
    await mkdir(studio.library, { recursive: true })
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'tmpfs', studio.library])
    try {
      const { page } = await openConfig(studio, quadraticText(100_000))
      await pressRun(page)
      await untilState(page, 'Failed')
      await expect(badNotice(page).first()).toContainText(/disk is full|no space|ENOSPC/i)
      await showView(page, 'Configure')
      await expect(fieldOf(page, 'name')).toBeVisible()
    } finally {
      execFileSync('umount', ['-l', studio.library])
    }
  })
})

test('a library that can’t be written to is said when a run starts', async ({ studio }) => {
  await writeFile(studio.library, 'a file where the folder should be')
  const { page } = await openConfig(studio, quadraticText(50))
  await page.getByTestId('run').click()
  await expect(badNotice(page)).toContainText('The run could not be started')
  await rm(studio.library)
  await dismissAll(page)
  await pressRun(page)
  await untilState(page, 'Finished')
})

test('an engine that can’t start, because ONNX Runtime’s library is broken, is a line with a remedy over a whole window', async ({
  studio,
}) => {
  test.skip(
    process.platform !== 'linux',
    'LD_LIBRARY_PATH puts a broken library in front of the good one',
  )
  const libraries = join(dirname(studio.library), 'libraries')
  await mkdir(libraries)
  await writeFile(join(libraries, 'libonnxruntime.so.1'), '')
  const { page } = await openApp(studio, { env: { LD_LIBRARY_PATH: libraries } })
  const line = page.getByRole('status').filter({ hasText: 'The engine ended unexpectedly' })
  await expect(line).toContainText('install HiSo Studio again', { timeout: 30_000 })
  await expect(line).toContainText('libonnxruntime.so.1')
  const config = await writeConfig(studio, 'given.yaml', quadraticText(20))
  await dropOnWindow(page, config)
  await expect(badNotice(page)).toContainText('given.yaml could not be opened')
  await dismissAll(page)
  await page.getByTestId('run').click()
  await expect(badNotice(page)).toContainText('The run could not be started')
  await dismissAll(page)
  // Repaired, it goes on without a new start of the app.
  await rm(libraries, { recursive: true })
  await page.getByRole('button', { name: 'Start again' }).click()
  await expect(line).toBeHidden()
  await dropOnWindow(page, config)
  await expect(fieldOf(page, 'federation.rounds').locator('input')).toHaveValue('20')
  await pressRun(page)
  await untilState(page, 'Finished')
})
