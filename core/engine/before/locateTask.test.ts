/** The paths of a config, seen from another folder. */
import { describe, expect, it } from 'vitest'
import type { Files } from '../../base/index.ts'
import { locateTask } from './locateTask.ts'

const files: Pick<Files, 'join' | 'kind'> = {
  join: (...parts) => parts.join('/'),
  kind: (path) => Promise.resolve(path === '/home/ada/flowers' ? 'folder' : undefined),
}

const locate = (task: unknown) =>
  locateTask({ name: 'x', task }, '/home/ada', files, (name) => ['mnist', 'mlp'].includes(name))

describe('the paths of a task', () => {
  it('become absolute, seen from the folder of the config', async () => {
    expect(await locate({ dataset: '../data/iris.csv', model: 'models/net.onnx' })).toEqual({
      name: 'x',
      task: { dataset: '/home/ada/../data/iris.csv', model: '/home/ada/models/net.onnx' },
    })
  })

  it('stay as they are when absolute, on any platform', async () => {
    const task = { dataset: 'C:\\data\\iris.csv', model: '/models/net.onnx' }
    expect(await locate(task)).toEqual({ name: 'x', task })
  })

  it('leave built-in names and misspelled ones alone', async () => {
    const task = { dataset: 'mnist', model: 'mlpp' }
    expect(await locate(task)).toEqual({ name: 'x', task })
  })

  it('may be a bare word when something of that name is there', async () => {
    expect(await locate({ dataset: 'flowers' })).toMatchObject({
      task: { dataset: '/home/ada/flowers' },
    })
  })

  it('are not looked for in what is not a config', async () => {
    expect(await locateTask(['task'], '/', files, () => false)).toEqual(['task'])
    expect(await locate('mnist')).toEqual({ name: 'x', task: 'mnist' })
  })
})
