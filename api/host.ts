/** The machine that this package runs on, made when it is first used. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { EngineHost, JoinedFederation } from '../core/engine/index.ts'
import {
  createNodeHost,
  forkReader,
  joinFederation,
  offerMachine,
  type JoinOptions,
  type OfferedMachine,
  type OfferOptions,
} from '../platform/index.ts'

const read = (url: URL) => JSON.parse(readFileSync(url, 'utf8')) as { readonly version: string }

// Seen from dist/, where all that is built lies flat.
export const version = read(new URL('../package.json', import.meta.url)).version
/** The folder with bundled datasets, models, presets and templates. */
const resources = fileURLToPath(new URL('../resources', import.meta.url))
const workerScript = new URL('./workerThread.js', import.meta.url)
/** The scripts of the process that reads foreign files, and of its thread. */
const readerProcess = new URL('./readerProcess.js', import.meta.url)
const readerThread = new URL('./readerThread.js', import.meta.url)

/** What is known of this machine besides its broker's address. */
type OwnOffer = Pick<OfferOptions, 'resources' | 'workerScript' | 'version'>

/** Lets this machine work for runs elsewhere. @throws HisoError BROKER_… */
export function offerThisMachine(
  options: Omit<OfferOptions, keyof OwnOffer>,
): Promise<OfferedMachine> {
  const credentialsPath = options.credentialsPath ?? ownCredentials()
  return offerMachine({ ...options, credentialsPath, resources, workerScript, version })
}

const ownCredentials = () => process.env['HISO_CREDENTIALS'] || undefined

/** One client's stay in a federation. @throws HisoError BROKER_…, FEDERATION_… */
export function joinFrom(options: JoinOptions): Promise<JoinedFederation> {
  return joinFederation({
    ...options,
    credentialsPath: options.credentialsPath ?? ownCredentials(),
  })
}

let host: EngineHost | undefined

export function thisMachine(): EngineHost {
  const reading = {
    ...{ resources, version },
    workerScript: fileURLToPath(workerScript),
    readerScript: fileURLToPath(readerThread),
  }
  const startReader = () => forkReader(readerProcess, reading)
  host ??= createNodeHost({ resources, workerScript, version, startReader })
  return host
}
