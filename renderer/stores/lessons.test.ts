/** A lesson over a fake engine whose runs take their time to start. */
import { createPinia, setActivePinia } from 'pinia'
import { expect, it } from 'vitest'
import { useLossScale } from '../charts/useLossScale.ts'
import { createFakeEngine } from '../testing/fakeEngine.ts'
import { createFakeShell } from '../testing/fakeShell.ts'
import { openLessonText } from '../config/lessons.ts'
import { FakeRun } from '../testing/fakeRun.ts'
import { useEngine } from './engine.ts'
import { useFileOpening } from './fileOpening.ts'
import { useLessons } from './lessons.ts'
import { setPorts } from './ports.ts'
import { useWorkspace } from './workspace.ts'

const text = `format: 1
title: Mine
summary: A test.
minutes: 1
runs: { a: { preset: quadratic-low-rank } }
pages:
  - { title: One, text: A word., show: { view: watch, runs: [a] } }
`

function begin(lesson = text) {
  const engine = createFakeEngine()
  const { request } = engine
  let letStart = (): void => {}
  const started = new Promise<void>((resolve) => (letStart = resolve))
  const slow = async (name: string, ...rest: unknown[]) => {
    if (name === 'startRun') await started
    return (request as (...of: unknown[]) => Promise<unknown>)(name, ...rest)
  }
  setActivePinia(createPinia())
  setPorts(Object.assign(engine, { request: slow as unknown as typeof request }), createFakeShell())
  useEngine().connect()
  engine.connect()
  const workspace = useWorkspace()
  workspace.show('lessons')
  useLessons().open({ name: 'mine', text: lesson }, 0)
  return { workspace, letStart }
}

it('shows a page’s view once its run has begun', async () => {
  const { workspace, letStart } = begin()
  expect(workspace.view).toBe('lessons')
  letStart()
  await expect.poll(() => workspace.view).toBe('watch')
})

it('asks for the scale of the loss, which is not remembered as a choice', async () => {
  const { letStart } = begin(text.replace('runs: [a] }', 'runs: [a], scale: log }'))
  const scale = useLossScale('watch.lossScale.choice', () => [])
  expect(scale.value).toBe('linear')
  letStart()
  await expect.poll(() => scale.value).toBe('log')
  scale.value = 'linear'
  expect(scale.value).toBe('linear')
  scale.value = 'log'
  useLessons().close()
  expect(scale.value).toBe('linear')
})

it('leaves someone where they went while the run was being started', async () => {
  const { workspace, letStart } = begin()
  workspace.show('runs')
  letStart()
  await expect.poll(() => workspace.currentFolder).toBeDefined()
  expect(workspace.view).toBe('runs')
})

it('takes runs that came with its file in place of playing them, and unpacks them once', async () => {
  const withRuns = `${text}played:\n  a: "AAAA"\n`
  const engine = createFakeEngine({
    answers: {
      recogniseFile: () => ({ kind: 'lesson', text: withRuns }),
      importLessonRuns: () => ({ folders: { a: '/runs/came' } }),
    },
  })
  const config = openLessonText(text, 'mine').configs.get('a')!
  const came = new FakeRun('/runs/came', config, () => {})
  came.playAll(0)
  engine.runs.set(came.folder, came)
  setActivePinia(createPinia())
  setPorts(engine, createFakeShell())
  useEngine().connect()
  engine.connect()
  for (let turn = 0; turn < 2; turn++) {
    await useFileOpening().open('/in/handed-on.yaml')
    await expect.poll(() => useWorkspace().view).toBe('watch')
    expect(useWorkspace().currentFolder).toBe('/runs/came')
    useWorkspace().show('lessons')
  }
  const lessons = useLessons()
  lessons.close()
  lessons.open(
    {
      name: 'handed-on',
      text: `${withRuns}  - { title: Two, text: More. }\n`.replace(/played:\n.*\n/, ''),
    },
    1,
  )
  await lessons.recallRuns()
  expect(lessons.runOf('a')?.folder).toBe('/runs/came')
  const asked = engine.asked.map(({ name }) => name)
  expect(asked).not.toContain('startRun')
  expect(asked.filter((name) => name === 'importLessonRuns')).toHaveLength(1)
  expect(useLessons().own.find(({ name }) => name === 'handed-on')?.text).toBe(text)
})
