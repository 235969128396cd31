export { epsilonSpent } from './accountant.ts'
export { gaussianMechanism } from './gaussianMechanism.ts'
export { PrivacyBudget } from './privacyBudget.ts'
