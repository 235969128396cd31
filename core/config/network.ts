/**
 * `network:` and `devices:` the clock of a simulation: what links and devices make of a round's
 * bytes and passes. Without a network a run has no clock.
 */
import { z } from 'zod'
import { field, positive, withDefaultKind } from './field.ts'
import { networkProfiles, type LinkNumbers, type NetworkName } from './networkProfiles.ts'

/** Faster than any link there is, in kbit/s. */
const fastest = 1e12
/** A day, in milliseconds. */
const longest = 86_400_000

function linkFields(standard: LinkNumbers) {
  return {
    latency: field(z.number().min(0).max(longest).default(standard.latency), {
      label: 'Latency',
      unit: 'ms, one way',
      help: 'How long a message is on its way, whatever its length.',
    }),
    up: field(positive(fastest).default(standard.up), {
      label: 'Up',
      unit: 'kbit/s',
      help: 'How fast a client can send.',
    }),
    down: field(positive(fastest).default(standard.down), {
      label: 'Down',
      unit: 'kbit/s',
      help: 'How fast a client can receive.',
    }),
    jitter: field(z.number().min(0).max(longest).default(standard.jitter), {
      label: 'Jitter',
      unit: 'ms',
      help: 'How much later than the latency a message arrives on average; each draws its own delay.',
    }),
    loss: field(z.number().min(0).max(0.9).default(standard.loss), {
      label: 'Loss',
      unit: 'probability',
      help: 'How probable it is that a packet is lost; it is sent again.',
    }),
    server: field(positive(fastest).default(standard.server), {
      label: "Server's link",
      unit: 'kbit/s',
      help: 'How fast the server can send and receive: all participants of a round share it.',
    }),
    oneChannel: field(z.boolean().default(standard.oneChannel), {
      label: 'One channel',
      help: 'Whether all participants share one channel, which carries one message at a time.',
    }),
    broadcast: field(z.boolean().default(standard.broadcast), {
      label: 'Broadcast',
      help: 'Whether one message of the server reaches all devices that are on; otherwise each gets a copy of its own.',
    }),
  }
}

const link = <Name extends NetworkName>(kind: Name) =>
  z.strictObject({ kind: z.literal(kind), ...linkFields(networkProfiles[kind]) })

export const networkSchema = field(
  withDefaultKind(
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('none') }),
      link('lora'),
      link('3g'),
      link('lte'),
      link('home'),
      link('campus'),
      link('datacentre'),
    ]),
    'none',
  ).prefault({}),
  {
    section: 'network',
    label: 'Network',
    help: 'What connects clients and server: it turns the bytes of each round into simulated time.',
  },
)

/** Whether a draft has a network. */
function hasKind(network: unknown): boolean {
  const { kind = 'none' } = (network ?? {}) as { readonly kind?: unknown }
  return kind !== 'none'
}

export const devicesSchema = field(
  z
    .strictObject({
      passesPerSecond: field(positive(1e9).default(10), {
        label: 'Device speed',
        unit: 'passes per second',
        help: 'How many forward passes of a minibatch the device in the middle makes in a second; a gradient counts as three passes.',
      }),
      spread: field(z.number().min(1).max(1000).default(1), {
        label: 'Spread of speeds',
        help: 'How many times slower or faster than the middle a third of the devices is at least: log-normal, and 1 makes all equal.',
      }),
      availability: field(z.number().gt(0).max(1).default(1), {
        label: 'Availability',
        unit: 'share of the day',
        help: 'For how much of each day a device is on, from an hour of its own; one that is off gets its messages when it comes back.',
      }),
      deadline: field(positive(longest).optional(), {
        label: 'Deadline',
        unit: 'seconds',
        help: 'How long the server waits in each round: replies that come later are dropped; left out, it waits for the slowest.',
      }),
    })
    .prefault({}),
  {
    section: 'network',
    usedBy: { who: 'runs with a network', is: (_task, _bundled, { network }) => hasKind(network) },
    label: 'Devices',
    help: 'How fast the clients of a simulated network compute, and when they are there.',
  },
)

type NetworkSettings = z.infer<typeof networkSchema>
export type LinkSettings = Exclude<NetworkSettings, { kind: 'none' }>
export type DeviceSettings = z.infer<typeof devicesSchema>

/** How screens call a config's network; undefined where it has none. */
export function networkTitle({ network }: { readonly network: NetworkSettings }) {
  return network.kind === 'none' ? undefined : networkProfiles[network.kind].title
}
