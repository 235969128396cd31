/**
 * One record per method: what people call it, where it was published, what it sends and needs. The
 * registry, the form, the docs and the command line all read it.
 */
import type { MethodName } from './method.ts'
import type { ScalarSettings } from './scalarMethods.ts'

interface CommonFacts {
  /** What people call it: in the terminal, in forms, in legends. */
  readonly title: string
  /** One sentence: the idea. */
  readonly summary: string
  /** The paper's number on arXiv; of a variant of ours, the paper that it varies. */
  readonly arxiv: string
  /** Of the first version of the paper, or of our variant. */
  readonly year: number
  /** True of a variant that no paper describes. */
  readonly isOurs?: true
  /** Estimated from losses alone, or true: then the task must be able to give gradients. */
  readonly gradient: 'estimated' | 'true'
  /** How many clients it works with, where it is not any number, and why. */
  readonly clients?: { readonly exactly: number; readonly reason: string }
  /** Its slot in the palette of charts, if it has one of its own. */
  readonly palette?: 1 | 2 | 3 | 4 | 5 | 6 | 7
}

/** @typeParam Name ties the protocol to the settings: scalar methods have those of scalars. */
export interface MethodFacts<Name extends MethodName = MethodName> extends CommonFacts {
  readonly protocol: Name extends ScalarSettings['name'] ? 'scalar' : 'vector'
}

export const methodFacts: { readonly [Name in MethodName]: MethodFacts<Name> } = {
  hiso: {
    title: 'HiSo',
    summary: 'Gradient scalars along directions scaled by a learned diagonal Hessian.',
    protocol: 'scalar',
    gradient: 'estimated',
    arxiv: '2506.02370',
    year: 2025,
    palette: 1,
  },
  'hiso-implicit': {
    title: 'HiSo, implicit step',
    summary: 'HiSo that damps its scalars where the losses of single samples bend.',
    protocol: 'scalar',
    gradient: 'estimated',
    arxiv: '2506.02370',
    year: 2026,
    isOurs: true,
    palette: 7,
  },
  'hiso-paramwise': {
    title: 'HiSo, paramwise',
    summary: 'HiSo as its authors play it by parameter: the Hessian learns after every direction.',
    protocol: 'scalar',
    gradient: 'estimated',
    arxiv: '2506.02370',
    year: 2025,
  },
  'hiso-short': {
    title: 'HiSo, short scalars',
    summary: 'HiSo with eight directions in the bytes of one: each scalar takes half a byte.',
    protocol: 'scalar',
    gradient: 'estimated',
    arxiv: '2506.02370',
    year: 2026,
    isOurs: true,
    palette: 4,
  },
  decomfl: {
    title: 'DeComFL',
    summary: 'Gradient scalars along random directions; no Hessian.',
    protocol: 'scalar',
    gradient: 'estimated',
    arxiv: '2405.15861',
    year: 2024,
    palette: 2,
  },
  'decomfl-implicit': {
    title: 'DeComFL, implicit step',
    summary: 'DeComFL that damps its scalars where the losses of single samples bend.',
    protocol: 'scalar',
    gradient: 'estimated',
    arxiv: '2405.15861',
    year: 2026,
    isOurs: true,
    palette: 5,
  },
  mezo: {
    title: 'MeZO',
    summary: 'Zeroth-order fine-tuning on one machine: DeComFL with one client.',
    protocol: 'scalar',
    gradient: 'estimated',
    clients: { exactly: 1, reason: 'is DeComFL with one client' },
    arxiv: '2305.17333',
    year: 2023,
  },
  fedkseed: {
    title: 'FedKSeed',
    summary: 'Gradient scalars along directions from a fixed pool of K seeds.',
    protocol: 'scalar',
    gradient: 'estimated',
    arxiv: '2312.06353',
    year: 2023,
  },
  feedsign: {
    title: 'FeedSign',
    summary: 'One bit per direction: clients send signs, and the majority decides.',
    protocol: 'scalar',
    gradient: 'estimated',
    arxiv: '2501.17610',
    year: 2025,
    palette: 6,
  },
  fzoo: {
    title: 'FZOO',
    summary: 'Steps of one length: scalars divided by the deviation of the losses.',
    protocol: 'scalar',
    gradient: 'estimated',
    arxiv: '2506.09034',
    year: 2025,
  },
  conmezo: {
    title: 'ConMeZO',
    summary: 'Directions in a cone around the momentum of past rounds.',
    protocol: 'scalar',
    gradient: 'estimated',
    arxiv: '2511.02757',
    year: 2025,
  },
  'sparse-mezo': {
    title: 'Sparse MeZO',
    summary: 'Only the smallest weights of each tensor are perturbed and trained.',
    protocol: 'scalar',
    gradient: 'estimated',
    arxiv: '2402.15751',
    year: 2024,
  },
  meerkat: {
    title: 'MEERKAT',
    summary: 'All clients train the same few parameters, chosen in a warm-up.',
    protocol: 'scalar',
    gradient: 'estimated',
    arxiv: '2506.03337',
    year: 2025,
  },
  fedavg: {
    title: 'FedAvg',
    summary: 'The server averages the models that clients trained by SGD.',
    protocol: 'vector',
    gradient: 'true',
    arxiv: '1602.05629',
    year: 2016,
    palette: 3,
  },
  fedprox: {
    title: 'FedProx',
    summary: 'FedAvg with a pull back to the model that was sent.',
    protocol: 'vector',
    gradient: 'true',
    arxiv: '1812.06127',
    year: 2018,
  },
  fedavgm: {
    title: 'FedAvgM',
    summary: 'FedAvg with momentum on the server.',
    protocol: 'vector',
    gradient: 'true',
    arxiv: '1909.06335',
    year: 2019,
  },
  scaffold: {
    title: 'SCAFFOLD',
    summary: 'FedAvg with control variates against the drift of clients.',
    protocol: 'vector',
    gradient: 'true',
    arxiv: '1910.06378',
    year: 2019,
  },
  fedadam: {
    title: 'FedAdam',
    summary: 'Adam on the server, along the averaged updates.',
    protocol: 'vector',
    gradient: 'true',
    arxiv: '2003.00295',
    year: 2020,
  },
  fedyogi: {
    title: 'FedYogi',
    summary: 'Yogi on the server, along the averaged updates.',
    protocol: 'vector',
    gradient: 'true',
    arxiv: '2003.00295',
    year: 2020,
  },
  fedadagrad: {
    title: 'FedAdagrad',
    summary: 'Adagrad on the server, along the averaged updates.',
    protocol: 'vector',
    gradient: 'true',
    arxiv: '2003.00295',
    year: 2020,
  },
  fedzo: {
    title: 'FedZO',
    summary: 'Clients estimate gradients from losses, and send whole updates.',
    protocol: 'vector',
    gradient: 'estimated',
    arxiv: '2201.09531',
    year: 2022,
  },
}

/** The facts of a name that may be of another version; undefined where this one lacks it. */
export function factsOfMethod(name: string): MethodFacts | undefined {
  return Object.hasOwn(methodFacts, name) ? methodFacts[name as MethodName] : undefined
}

/** What people call a method; the name itself for one that this version does not know. */
export function methodTitle(name: string): string {
  return factsOfMethod(name)?.title ?? name
}

/** Where a method was published, for people. */
export function methodSource({ arxiv, isOurs }: MethodFacts): string {
  return isOurs ? `ours, after arXiv ${arxiv}` : `arXiv ${arxiv}`
}

/** The heading that a method stands under in a long list. */
export function methodFamily({ protocol, gradient }: MethodFacts): string {
  if (protocol === 'scalar') return 'Scalars only'
  return gradient === 'true' ? 'Whole models, true gradients' : 'Whole models, gradients estimated'
}
