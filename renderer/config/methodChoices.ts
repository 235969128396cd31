/** What the views ask of a config's method, and how a long list of methods shows each. */
import {
  factsOfMethod,
  methodFamily,
  methodSource,
  type MethodName,
  type RunConfig,
} from '../../core/config/index.ts'

/** Whether a method's messages are as long as the model; not while none is known. */
export function sendsVectors(method: MethodName | undefined): boolean {
  return method !== undefined && factsOfMethod(method)?.protocol === 'vector'
}

/** Whether a config's method learns a diagonal Hessian. */
export function learnsHessian(config: RunConfig | undefined): boolean {
  return config !== undefined && 'hessian' in config.method
}

/** What stands over and beside a choice of a field: of a method its family and its source. */
export function choiceNote(path: string, value: string): { group?: string; detail?: string } {
  const facts = path === 'method.name' ? factsOfMethod(value) : undefined
  return facts === undefined ? {} : { group: methodFamily(facts), detail: methodSource(facts) }
}
