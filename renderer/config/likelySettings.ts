/** The settings that people change most, when they run something again or try several values. */

/** In the order in which they are offered. */
export const likelySettings = [
  'method.name',
  'method.learningRate',
  'method.perturbations',
  'method.hessian.nu',
  'split.alpha',
  'federation.localSteps',
  'federation.rounds',
  'seed',
] as const
