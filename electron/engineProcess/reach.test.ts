import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { requestEffects } from '../../core/engine/protocol/requestEffects.ts'
import type { EngineRequestName } from '../../core/engine/index.ts'
import { Reach } from './reach.ts'

const library = resolve('library')
const reach = new Reach()
reach.allow({ libraries: [library], runs: [resolve('elsewhere', 'run')] })

it.each([
  ['startRun', { library }],
  ['startRun', { library: `${library}/` }],
  ['inviteClients', { library }],
  ['serveRun', { library }],
  ['serveRun', { library, folder: join(library, 'a') }],
  ['importRun', { library, path: '/anywhere/a.hiso' }],
  ['importLessonRuns', { library, path: '/anywhere/a.yaml' }],
  ['resumeRun', { folder: join(library, 'a') }],
  ['resumeRun', { folder: join(library, 'group', 'a') }],
  ['extendRun', { folder: join(library, 'a'), more: 3 }],
  ['forkRun', { library, folder: '/anywhere', rounds: 3, changes: {} }],
  ['annotateRun', { folder: resolve('elsewhere', 'run') }],
  ['readRun', { folder: '/anywhere' }],
  ['describeMachine', undefined],
] as const)('%s of %o is allowed', (name, argument) => {
  expect(() => reach.check(name, argument)).not.toThrow()
})

it.each([
  ['startRun', { library: join(library, '..') }],
  ['startRun', { library: join(library, 'a') }],
  ['startRun', {}],
  ['inviteClients', {}],
  ['serveRun', { folder: join(library, 'a') }],
  ['serveRun', { library, folder: '/etc' }],
  ['importRun', { library: '/etc' }],
  ['importLessonRuns', { library: '/etc' }],
  ['forkRun', { library: '/etc', folder: join(library, 'a') }],
  ['extendRun', { folder: '/anywhere' }],
  ['resumeRun', { folder: join(library, 'a', 'b', 'c') }],
  ['resumeRun', { folder: `${library}/../other/a` }],
  ['annotateRun', { folder: library }],
  ['annotateRun', { folder: 5 }],
] as const)('%s of %o is refused', (name, argument) => {
  expect(() => reach.check(name, argument)).toThrow(/no folder that was chosen/)
})

/** They reach only runs that this engine plays already. */
const ofRunsInProgress = ['controlRun', 'changeSetting']

it('every request that acts has to say where, and is refused where nothing was chosen', () => {
  const acting = Object.entries(requestEffects).flatMap(([name, effect]) =>
    effect === 'acts' && !ofRunsInProgress.includes(name) ? [name as EngineRequestName] : [],
  )
  expect(acting).toContain('forkRun')
  for (const name of acting) expect(() => reach.check(name, {}), name).toThrow(/was chosen/)
})
