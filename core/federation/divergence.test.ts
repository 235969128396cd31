import { expect, test } from 'vitest'
import { factsOfMethod, methodNames } from '../config/index.ts'
import { createMethod } from '../methods/index.ts'
import { quadraticConfig } from '../testing/federation.ts'
import { divergenceRemedy } from './divergence.ts'

test.each(methodNames)('what %s is advised after divergence is something that it has', (name) => {
  const clients = factsOfMethod(name)?.clients?.exactly
  const { method, federation } = quadraticConfig(
    `method.name=${name}`,
    ...(clients === undefined
      ? []
      : [`federation.clients=${clients}`, `federation.participants=${clients}`]),
  )
  const remedy = divergenceRemedy(createMethod(method, 10))
  const advised = [...remedy.matchAll(/(method|federation)(\.\w+)+/g)].map(([path]) => path)
  expect(advised).toContain('method.learningRate')
  for (const path of advised) expect({ method, federation }).toHaveProperty(path)
  expect(advised.includes('method.hessian.nu')).toBe('hessian' in method)
})
