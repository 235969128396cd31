/** What people call the methods: in the terminal, in forms, in legends. */
import type { MethodName } from './method.ts'

const titles: Readonly<Record<MethodName, string>> = {
  hiso: 'HiSo',
  decomfl: 'DeComFL',
  mezo: 'MeZO',
  'hiso-short': 'HiSo, short scalars',
  fedkseed: 'FedKSeed',
  feedsign: 'FeedSign',
  fedavg: 'FedAvg',
  fedprox: 'FedProx',
  fedavgm: 'FedAvgM',
  scaffold: 'SCAFFOLD',
  fedadam: 'FedAdam',
  fedyogi: 'FedYogi',
  fedadagrad: 'FedAdagrad',
  fedzo: 'FedZO',
}

/** The name itself for a method that this version does not know. */
export function methodTitle(name: string): string {
  return (titles as Readonly<Record<string, string>>)[name] ?? name
}
