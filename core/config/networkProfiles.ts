/**
 * Links between clients and server, as data: what a config's `network.kind` names. Rates are what a
 * client gets; each number can be set to another one in the config.
 */

export interface LinkNumbers {
  /** One way, in milliseconds. */
  readonly latency: number
  /** From a client to the server, in kbit/s. */
  readonly up: number
  /** From the server to a client, in kbit/s. */
  readonly down: number
  /** Mean of what comes on top of the latency of each message, in milliseconds. */
  readonly jitter: number
  /** Probability that a packet is lost; it is sent again. */
  readonly loss: number
  /** Of the server's own link, each way, in kbit/s: all participants share it. */
  readonly server: number
  /** Whether all participants share one channel, which carries one message at a time. */
  readonly oneChannel: boolean
  /** Whether one message of the server reaches all devices that are on. */
  readonly broadcast: boolean
}

interface NetworkProfile extends LinkNumbers {
  /** As screens call it. */
  readonly title: string
}

/** A server behind gigabit Ethernet. */
const gigabit = 1_000_000

/**
 * Jitter and loss of public networks vary more between places than between kinds: those here are
 * round numbers of ours, to be set where it matters.
 */
export const networkProfiles = {
  /**
   * LoRaWAN in Europe: spreading factor 7 at 125 kHz gives 5,470 bit/s (Semtech SX1276 data sheet;
   * LoRaWAN Regional Parameters RP002, data rate 5 of EU868). A gateway may send a tenth of the
   * time (869.4 to 869.65 MHz, ETSI EN 300 220), so its mean rate is a tenth of that. One second
   * passes until a device listens (RECEIVE_DELAY1 of the same parameters).
   */
  lora: {
    title: 'LoRa',
    latency: 1000,
    up: 5.47,
    down: 0.547,
    jitter: 0,
    loss: 0.05,
    server: gigabit,
    oneChannel: true,
    broadcast: true,
  },
  /** WebPageTest's profile 3G: 1.6 Mbit/s down, 768 kbit/s up, 300 ms for both ways. */
  '3g': {
    title: '3G',
    latency: 150,
    up: 768,
    down: 1600,
    jitter: 50,
    loss: 0.01,
    server: gigabit,
    oneChannel: false,
    broadcast: false,
  },
  /** WebPageTest's profile LTE: 12 Mbit/s each way, 70 ms for both ways. */
  lte: {
    title: 'LTE',
    latency: 35,
    up: 12_000,
    down: 12_000,
    jitter: 10,
    loss: 0.001,
    server: gigabit,
    oneChannel: false,
    broadcast: false,
  },
  /**
   * What the FCC called broadband from 2015 to 2024: 25 Mbit/s down, 3 up. Latency of WebPageTest's
   * profile Cable: 28 ms for both ways.
   */
  home: {
    title: 'Home',
    latency: 14,
    up: 3000,
    down: 25_000,
    jitter: 5,
    loss: 0.001,
    server: gigabit,
    oneChannel: false,
    broadcast: false,
  },
  /** Gigabit Ethernet (IEEE 802.3ab) through a few switches. */
  campus: {
    title: 'Campus',
    latency: 0.5,
    up: 1_000_000,
    down: 1_000_000,
    jitter: 0.1,
    loss: 0,
    server: 10_000_000,
    oneChannel: false,
    broadcast: false,
  },
  /**
   * Ten-gigabit Ethernet (IEEE 802.3an). Half a millisecond for both ways within a data centre: J.
   * Dean, "Designs, lessons and advice from building large distributed systems", 2009.
   */
  datacentre: {
    title: 'Data centre',
    latency: 0.25,
    up: 10_000_000,
    down: 10_000_000,
    jitter: 0.02,
    loss: 0,
    server: 100_000_000,
    oneChannel: false,
    broadcast: false,
  },
} as const satisfies Readonly<Record<string, NetworkProfile>>

export type NetworkName = keyof typeof networkProfiles
