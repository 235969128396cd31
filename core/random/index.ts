export { cos, exp, log, sin } from './elementary.ts'
export { fillNoise, gaussianSquaredNorm, sphereScale, type Distribution } from './noise.ts'
export { philox4x32 } from './philox.ts'
export { RandomStream, domains, type Domain } from './stream.ts'
