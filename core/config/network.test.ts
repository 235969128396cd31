/** Networks and devices in a config: defaults, and what is refused by its name and range. */
import { describe, expect, it } from 'vitest'
import { parseRunConfig } from './index.ts'
import { networkProfiles } from './networkProfiles.ts'

const config = (own: object) =>
  parseRunConfig({
    ...{ name: 'test', task: { kind: 'quadratic' }, method: { name: 'hiso' } },
    ...own,
  })

describe('a network', () => {
  it('is none by default, without a deadline', () => {
    const { network, devices } = config({})
    expect(network).toEqual({ kind: 'none' })
    expect(devices.deadline).toBeUndefined()
  })

  it.each(Object.keys(networkProfiles) as (keyof typeof networkProfiles)[])(
    '%s has the numbers of its profile, and each can be another',
    (kind) => {
      const { title: _, ...numbers } = networkProfiles[kind]
      expect(config({ network: { kind } }).network).toEqual({ kind, ...numbers })
      const own = { kind, latency: 1, up: 2, down: 3, jitter: 4, loss: 0.5, server: 6 }
      expect(config({ network: own }).network).toMatchObject(own)
    },
  )

  it.each([
    [{ network: { kind: 'lte', latency: -1 } }, /network\.latency must be at least 0 \(got -1\)/],
    [{ network: { kind: 'lte', up: 0 } }, /network\.up must be more than 0/],
    [{ network: { kind: 'lte', down: -5 } }, /network\.down must be more than 0/],
    [{ network: { kind: 'lte', jitter: -0.1 } }, /network\.jitter must be at least 0/],
    [{ network: { kind: 'lte', loss: 1 } }, /network\.loss must be at most 0\.9/],
    [{ network: { kind: 'lte', server: -1 } }, /network\.server must be more than 0/],
    [{ network: { kind: 'ltee' } }, /network\.kind.*Did you mean "?lte/i],
    [{ network: { latency: 10 } }, /network\.latency belongs to kind .*lte/],
    [{ devices: { passesPerSecond: 0 } }, /devices\.passesPerSecond must be more than 0/],
    [{ devices: { spread: 0.5 } }, /devices\.spread must be at least 1/],
    [{ devices: { availability: 0 } }, /devices\.availability must be more than 0/],
    [{ devices: { availability: 1.5 } }, /devices\.availability must be at most 1/],
    [{ network: { kind: 'lte' }, devices: { deadline: 0 } }, /devices\.deadline must be more than/],
    [{ devices: { deadline: 5 } }, /devices\.deadline needs a network/],
  ])('refuses %j by name', (own, message) => {
    expect(() => config(own)).toThrow(message)
  })
})
