/** What is needed to serve a config to real clients, and which configs can be. */
import { HisoError } from '../../base/index.ts'
import { factsOfMethod, formatConfig, type RunConfig } from '../../config/index.ts'
import { movesVectors } from '../../methods/index.ts'
import { configFingerprint } from '../../runs/index.ts'
import type { EngineHost } from '../engineHost.ts'
import type { Deployment } from '../play/deployment.ts'
import { JoinedClients, type JoinedClientsOptions } from './joinedClients.ts'
import type { Roster } from './roster.ts'

export interface ServeOptions extends Pick<
  JoinedClientsOptions,
  'start' | 'quorum' | 'deadlineMs' | 'send' | 'onClosed'
> {
  readonly roster: Roster
  /** Called with the clients when the task is open. */
  onOpened(clients: JoinedClients): void
}

/** @throws HisoError CONFIG_INVALID for what only a simulation can do */
export function checkDeployable({ method, federation, network }: RunConfig): void {
  const refuse = (where: string, what: string, remedy: string) =>
    new HisoError('CONFIG_INVALID', { where, what, remedy })
  if (movesVectors(method))
    throw refuse(
      'method.name',
      `${factsOfMethod(method.name)?.title ?? method.name} sends whole models, and real clients send scalars only`,
      'Choose a scalar-only method, such as hiso or decomfl',
    )
  if (federation.attack.kind !== 'none')
    throw refuse(
      'federation.attack.kind',
      'attacks are simulated, and these clients are real',
      'Leave out federation.attack',
    )
  if (federation.dropout > 0)
    throw refuse(
      'federation.dropout',
      'dropout is simulated, and these clients are real',
      'Leave out federation.dropout',
    )
  if (network.kind !== 'none')
    throw refuse(
      'network.kind',
      'networks are simulated, and these clients are real',
      'Leave out network and devices',
    )
}

/** Plays a config's rounds with real clients. */
export function deploymentOf(
  host: EngineHost,
  config: RunConfig,
  options: ServeOptions,
): Deployment {
  const { roster, ...others } = options
  return ({ server, report, sentVectors, onNotice }) => {
    const { model } = report.fingerprints
    const named = new TextEncoder().encode(
      [roster.id, configFingerprint(formatConfig(config), host), model].join(' '),
    )
    const clients = new JoinedClients({
      ...others,
      config,
      server,
      roster,
      model,
      sampleForm: report.sampleForm,
      version: String(host.environment['hiso']),
      fingerprint: bytesOf(host.sha256().update(named).hex()),
      now: () => host.now(),
      wait: (ms) => host.patience.wait(ms),
      sentVectors,
      onNotice,
    })
    options.onOpened(clients)
    return clients
  }
}

const bytesOf = (hex: string) =>
  Uint8Array.from({ length: hex.length / 2 }, (_, at) =>
    parseInt(hex.slice(2 * at, 2 * at + 2), 16),
  )
