import { expect, it } from 'vitest'
import { Membership } from './membership.ts'
import { encodeServerMessage } from './messages.ts'

function stay() {
  const said: string[] = []
  const membership = new Membership({
    name: 'ana',
    host: { startClient: () => Promise.reject(new Error('nobody has welcomed it')) },
    places: {},
    publish: () => {},
    onNotice: (text) => said.push(text),
  })
  return { membership, said, ended: membership.play() }
}

it('what a stranger publishes ends nobody’s stay, and is said a few times', async () => {
  const { membership, said, ended } = stay()
  for (let times = 0; times < 1000; times++)
    membership.receive(Uint8Array.from({ length: times % 40 }, (_, at) => (at * 37 + times) % 251))
  expect(membership.hasServer).toBe(false)
  expect(said.length).toBeLessThanOrEqual(10)
  expect(said[0]).toContain('no server sends')
  membership.receive(encodeServerMessage({ type: 'farewell', rounds: 3 }))
  await expect(ended).resolves.toEqual({ rounds: 0, allRounds: 3, stateHash: undefined })
})

it('a server that asks for hellos without a pause is none', () => {
  const { membership, said } = stay()
  const welcome = { type: 'welcome', id: 'a1b2c3d4', client: 0, configText: '', model: '' } as const
  const more = { version: 'test', fingerprint: new Uint8Array(32), helloEveryMs: 0 }
  membership.receive(encodeServerMessage({ ...welcome, ...more }))
  expect(membership.hasServer).toBe(false)
  expect(said).toHaveLength(1)
  membership.end()
})
