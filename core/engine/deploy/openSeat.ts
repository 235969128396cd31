/** Opens a client of a federation in the calling thread. */
import { HisoError } from '../../base/index.ts'
import type { EngineHost } from '../engineHost.ts'
import type { ClientSeat, OwnPlaces } from './clientSeat.ts'
import { FederationClient, type SecretWords } from './federationClient.ts'
import { decodeServerMessage, type Welcome } from './messages.ts'

/** @throws as `FederationClient.open` does */
export async function openSeat(
  host: EngineHost,
  welcome: Welcome,
  places: OwnPlaces,
  secretWords: SecretWords,
): Promise<ClientSeat> {
  const client = await FederationClient.open(host, welcome, places, secretWords)
  return {
    async take(bytes) {
      const message = decodeServerMessage(bytes)
      if (message.type === 'summons') {
        const frame = await client.answer(message)
        return { rounds: client.rounds, frame }
      }
      if (message.type === 'snapshot') {
        await client.adopt(message.frame)
        return { rounds: client.rounds }
      }
      if (message.type !== 'log')
        throw new HisoError('WIRE_CORRUPT', { what: `a ${message.type} is no part of the log` })
      await client.learn(message.frames)
      return { rounds: client.rounds }
    },
    stateHash: () => client.stateHash(),
    close: () => client.close(),
  }
}
