/**
 * Credentials for the clients of a federation, and the users of its broker as nats-server reads
 * them: the server hears everybody, and a client publishes on its own subject only.
 */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Invitations } from '../../core/engine/index.ts'
import { unwritable } from '../fileErrors.ts'
import { makeFolder } from '../makeFolder.ts'

interface BrokerUser {
  readonly name: string
  readonly password: string
}

const serverName = 'server'
const userLine = /^ {6}\{ user: "([\w-]+)", password: "([\w-]+)"/

/** @param folder of the federation's run @throws HisoError FILE_UNWRITABLE */
export function writeInvitations(folder: string, names: readonly string[]): Invitations {
  const own = join(folder, 'invitations')
  try {
    makeFolder(own, 0o700)
    const invited = names.map((name) => newUser(name))
    const clients = invited.map((user) => ({ name: user.name, path: writeCredentials(own, user) }))
    const broker = join(own, 'broker.conf')
    writeSecret(broker, brokerConfig(own, invited))
    return { clients, broker, server: join(own, `${serverName}.yaml`) }
  } catch (cause) {
    throw unwritable(own, cause)
  }
}

/**
 * The server's own credentials are written when they are missing, and users of an older
 * configuration are kept.
 */
function brokerConfig(folder: string, invited: readonly BrokerUser[]): string {
  const users = new Map(usersOf(join(folder, 'broker.conf')).map((user) => [user.name, user]))
  for (const user of invited) users.set(user.name, user)
  const server = users.get(serverName) ?? newUser(serverName)
  users.delete(serverName)
  if (!existsSync(join(folder, `${serverName}.yaml`))) writeCredentials(folder, server)
  const lines = [
    `      { user: "${server.name}", password: "${server.password}", permissions: { publish: ["hiso.federation.to.*"], subscribe: ["hiso.federation.from.*", "hiso.federation.absent.*"] } }`,
    ...[...users.values()].map(
      ({ name, password }) =>
        `      { user: "${name}", password: "${password}", permissions: { publish: ["hiso.federation.from.${name}"], subscribe: ["hiso.federation.to.${name}"] } }`,
    ),
  ]
  return `# Written with the invitations. For other machines: listen on "0.0.0.0:4222", and uncomment tls.
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

const newUser = (name: string): BrokerUser => ({
  name,
  password: randomBytes(24).toString('base64url'),
})

function writeCredentials(folder: string, { name, password }: BrokerUser): string {
  const path = join(folder, `${name}.yaml`)
  writeSecret(path, `user: ${name}\npassword: ${password}\n`)
  return path
}

/** A file that nobody else can read. A link in its place is replaced, not followed. */
function writeSecret(path: string, text: string): void {
  const draft = `${path}.${randomBytes(8).toString('hex')}.new`
  try {
    writeFileSync(draft, text, { mode: 0o600, flag: 'wx', flush: true })
    renameSync(draft, path)
  } catch (cause) {
    rmSync(draft, { force: true })
    throw cause
  }
}
