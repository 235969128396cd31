export { natsCluster } from './cluster.ts'
export { offerMachine, type OfferedMachine, type OfferOptions } from './machine.ts'
export { joinFederation, openFederation, type JoinOptions } from './federation.ts'
export { writeInvitations } from './invitations.ts'
