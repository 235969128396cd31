export { natsCluster } from './cluster.ts'
export { offerMachine, type OfferedMachine, type OfferOptions } from './machine.ts'
export {
  joinFederation,
  openFederation,
  type FederationEvents,
  type FederationWays,
  type JoinedFederation,
  type JoinOptions,
} from './federation.ts'
