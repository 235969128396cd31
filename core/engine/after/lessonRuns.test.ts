/** Runs that come along in a lesson's file. */
import { expect, test } from 'vitest'
import { toBase64url } from '../../base/index.ts'
import { packRun, readRun } from '../../runs/index.ts'
import { memoryEngineHost } from '../../testing/engineHost.ts'
import { quadraticConfig } from '../../testing/federation.ts'
import { Run } from '../index.ts'
import { unpackLessonRuns } from './lessonRuns.ts'

const host = memoryEngineHost()
const write = (path: string, text: string) => host.files.write(path, new TextEncoder().encode(text))

test('are unpacked into the library, each as it was', async () => {
  await (await Run.start(host, quadraticConfig('federation.rounds=4'), 'first')).play()
  const packed = toBase64url(await packRun(host, 'first', { what: 'run' }))
  await write('lesson.yaml', `title: Mine\nplayed:\n  first: "${packed}"\n  again: "${packed}"\n`)
  const folders = await unpackLessonRuns(host, 'lesson.yaml', 'library')
  expect(Object.keys(folders)).toEqual(['first', 'again'])
  expect(folders['first']).not.toBe(folders['again'])
  const [there, here] = await Promise.all([
    readRun(host, folders['again']!),
    readRun(host, 'first'),
  ])
  expect({ ...there, path: here.path }).toEqual(here)
})

test.each(['not base64!', 'AAAA', 5])(
  '%s is refused with its name, and advice',
  async (content) => {
    await write('bad.yaml', `played: { first: ${JSON.stringify(content)} }`)
    await expect(unpackLessonRuns(host, 'bad.yaml', 'empty')).rejects.toMatchObject({
      code: 'RUN_CORRUPT',
      where: 'bad.yaml, the run first',
    })
    expect(await host.files.kind('empty')).toBeUndefined()
  },
)

test('a lesson without any brings none', async () => {
  await write('none.yaml', 'title: Mine\n')
  expect(await unpackLessonRuns(host, 'none.yaml', 'library')).toEqual({})
})
