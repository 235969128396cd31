import { expect, test } from 'vitest'
import { createMethod } from '../methods/index.ts'
import { quadraticConfig } from '../testing/federation.ts'
import { divergenceRemedy } from './divergence.ts'

test.each([
  ['hiso', true],
  ['decomfl', false],
  ['fedavg', false],
] as const)('what %s is advised after divergence is something that it has', (name, hasHessian) => {
  const { method } = quadraticConfig(`method.name=${name}`)
  const remedy = divergenceRemedy(createMethod(method, 10))
  expect(remedy.includes('method.hessian.nu')).toBe(hasHessian)
  for (const [key] of remedy.matchAll(/method\.(\w+)/g))
    if (key !== 'method.hessian.nu') expect(method).toHaveProperty(key.slice('method.'.length))
})
