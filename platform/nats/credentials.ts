/**
 * Who one is for a broker, from a file that a person keeps: never from a config, an address or a
 * command line, which others see.
 */
import { readFileSync, statSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'
import { HisoError, messageOf } from '../../core/base/index.ts'

const credentialsSchema = z.strictObject({
  user: z.string().min(1).optional(),
  password: z.string().min(1).optional(),
  /** The certificate of who signed the broker's, as PEM; for brokers that no public one knows. */
  ca: z.string().min(1).optional(),
  /** One's own certificate and key, as PEM, where the broker asks for them. */
  certificate: z.string().min(1).optional(),
  key: z.string().min(1).optional(),
})

const mostBytes = 2 ** 20

export type Credentials = z.infer<typeof credentialsSchema> & {
  /** A NATS .creds file, whole. */
  readonly creds?: string
}

/**
 * @param path a YAML file with user, password and, if needed, ca, certificate and key; or a NATS
 *   .creds file
 * @throws HisoError FILE_UNREADABLE, BROKER_CREDENTIALS
 */
export function readCredentials(path: string): Credentials {
  let text: string
  try {
    const found = statSync(path)
    // A pipe is how a password manager hands them over; a device would never end.
    if (!found.isFIFO() && (!found.isFile() || found.size > mostBytes))
      throw new Error('it is no small file')
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new HisoError('FILE_UNREADABLE', {
      where: path,
      what: `the credentials can't be read (${messageOf(cause)})`,
      remedy: 'Name an existing file with --credentials or HISO_CREDENTIALS',
      cause,
    })
  }
  if (text.includes('-----BEGIN NATS USER JWT-----')) return { creds: text }
  const result = credentialsSchema.safeParse(parsed(text))
  if (result.success) return result.data
  const [issue] = result.error.issues
  // Never the text itself: it holds a password.
  throw new HisoError('BROKER_CREDENTIALS', {
    where: path,
    what: `this is no credentials file (${issue?.path.join('.') || 'the file'}: ${issue?.code ?? 'unreadable'})`,
    remedy: 'It has the lines user: NAME and password: WORDS, and ca: | with a certificate for TLS',
  })
}

function parsed(text: string): unknown {
  try {
    return parse(text) as unknown
  } catch {
    return undefined
  }
}
