/** A link opened over a fake shell. */
import { createPinia, setActivePinia } from 'pinia'
import { expect, it } from 'vitest'
import { presets, startOf } from '../config/presets.ts'
import { createFakeEngine } from '../testing/fakeEngine.ts'
import { createFakeShell } from '../testing/fakeShell.ts'
import { useDraft } from './draft.ts'
import { useLinks } from './links.ts'
import { setPorts } from './ports.ts'
import { useWorkspace } from './workspace.ts'

it('a link holds one run, whatever its preset names beside it', async () => {
  setActivePinia(createPinia())
  const shell = createFakeShell()
  setPorts(createFakeEngine(), shell)
  const [draft, links] = [useDraft(), useLinks()]
  useWorkspace().view = 'configure'
  draft.begin(startOf(presets.find(({ name }) => name === 'three-ways')!)!)
  expect(draft.beside).toHaveLength(2)
  await links.copy()
  const link = shell.asked.find(([name]) => name === 'copyText')![1] as string

  await links.open(link)
  links.accept()
  expect(draft.beside).toEqual([])
  expect(draft.command).toBe('hiso run three-ways --set method.name=hiso')
})
