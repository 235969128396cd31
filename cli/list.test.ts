/** What `hiso list` says of a folder without runs that can be listed. */
import { expect, test } from 'vitest'
import { memoryEngineHost } from '../core/testing/engineHost.ts'
import { list } from './commands/list.ts'
import { exitCodes } from './exitCodes.ts'
import { recordingTerminal } from './testing/recordingTerminal.ts'

async function listing(library: string, entries: Readonly<Record<string, Uint8Array>>) {
  const { terminal, stdout, stderr } = recordingTerminal()
  const context = {
    host: memoryEngineHost(entries),
    terminal,
    cwd: '/home',
    invocation: 'hiso',
  }
  const exitCode = await list(context, library, {})
  return { exitCode, stdout: stdout(), stderr: stderr() }
}

const record = new TextEncoder().encode('{}')

test('where there are none, how to start one', async () => {
  expect(await listing('runs', {})).toMatchObject({
    exitCode: exitCodes.ok,
    stdout: '  There are no runs in runs. Start one:  hiso run quickstart\n',
  })
})

test('a run that is taken for a library, and how to show it', async () => {
  const { stdout } = await listing('a\nrun', { '/home/a\nrun/run.json': record })
  expect(stdout).toBe("  a\\nrun is itself a run:  hiso show $'a\\nrun'\n")
})

test('a damaged run, by its name and reason on one line', async () => {
  const { stdout, stderr } = await listing('runs', { '/home/runs/x\ny/run.json': record })
  expect(stdout).toContain('There are no runs in runs')
  expect(stderr).toMatch(/^ {2}! x\\ny: .*config\.yaml.*\n$/)
})

test('a folder that is not there, or that is a file, is refused', async () => {
  await expect(listing('rusn', {})).rejects.toThrow(/rusn: there is no such folder/)
  await expect(listing('q.yaml', { '/home/q.yaml': record })).rejects.toThrow(/this is a file/)
})
