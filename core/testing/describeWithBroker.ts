/**
 * Tests that need a message broker: where none is installed they are skipped with one line, and in
 * CI they fail.
 */
import { describe } from 'vitest'
import { brokerProgram } from './broker.ts'

export function describeWithBroker(name: string, suite: () => void): void {
  if (brokerProgram !== undefined) {
    describe(name, suite)
    return
  }
  const missing = `${name}: nats-server is not installed (apt-get install nats-server)`
  if (process.env['CI'] !== undefined) throw new Error(missing)
  describe.skip(missing, suite)
}
