/**
 * The users of a federation's broker, as nats-server reads them: the server hears everybody, and a
 * client publishes on its own subject only.
 */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface BrokerUser {
  readonly name: string
  readonly password: string
}

const serverName = 'server'
const userLine = /^ {6}\{ user: "([\w-]+)", password: "([\w-]+)"/

/**
 * @param folder with the invitations; the server's own credentials are written there when they are
 *   missing, and users of an older configuration are kept
 * @returns the configuration with these users added
 */
export function brokerConfig(folder: string, invited: readonly BrokerUser[]): string {
  const users = new Map(usersOf(join(folder, 'broker.conf')).map((user) => [user.name, user]))
  for (const user of invited) users.set(user.name, user)
  const server = users.get(serverName) ?? {
    name: serverName,
    password: randomBytes(24).toString('base64url'),
  }
  users.delete(serverName)
  const path = join(folder, 'server.yaml')
  if (!existsSync(path))
    writeFileSync(path, `user: ${serverName}\npassword: ${server.password}\n`, { mode: 0o600 })
  const lines = [
    `      { user: "${server.name}", password: "${server.password}", permissions: { publish: ["hiso.federation.to.*"], subscribe: ["hiso.federation.from.*", "hiso.federation.absent.*"] } }`,
    ...[...users.values()].map(
      ({ name, password }) =>
        `      { user: "${name}", password: "${password}", permissions: { publish: ["hiso.federation.from.${name}"], subscribe: ["hiso.federation.to.${name}"] } }`,
    ),
  ]
  return `# Written by hiso serve --invite. For other machines: listen on "0.0.0.0:4222", and uncomment tls.
listen: "127.0.0.1:4222"
# tls { cert_file: "server.pem", key_file: "server-key.pem" }
accounts {
  FEDERATION {
    users: [
${lines.join('\n')}
    ]
  }
}
`
}

function usersOf(path: string): BrokerUser[] {
  if (!existsSync(path)) return []
  return readFileSync(path, 'utf8')
    .split('\n')
    .map((line) => userLine.exec(line))
    .filter((match) => match !== null)
    .map(([, name, password]) => ({ name: name!, password: password! }))
}
