import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { Reach } from './reach.ts'

const library = resolve('library')
const reach = new Reach()
reach.allow({ libraries: [library], runs: [resolve('elsewhere', 'run')] })

it.each([
  ['startRun', { library }],
  ['startRun', { library: `${library}/` }],
  ['importRun', { library, path: '/anywhere/a.hiso' }],
  ['resumeRun', { folder: join(library, 'a') }],
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
  ['importRun', { library: '/etc' }],
  ['resumeRun', { folder: join(library, 'a', 'b') }],
  ['resumeRun', { folder: `${library}/../other/a` }],
  ['annotateRun', { folder: library }],
  ['annotateRun', { folder: 5 }],
] as const)('%s of %o is refused', (name, argument) => {
  expect(() => reach.check(name, argument)).toThrow(/no folder that was chosen/)
})
