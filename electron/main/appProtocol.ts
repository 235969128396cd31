/**
 * The `app://` scheme: serves the built renderer and nothing else, each answer with the content
 * security policy.
 */
import { protocol, session } from 'electron'
import { readFile } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'

const appOrigin = 'app://studio'
export const appPage = `${appOrigin}/index.html`

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

/** Must come before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: 'app',
      privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
    },
  ])
}

export function serveApp(folder: string): void {
  protocol.handle('app', async ({ url, method }) => {
    const file = fileOf(url, folder)
    if (method !== 'GET' || file === undefined) return answer(404)
    try {
      return answer(200, new Uint8Array(await readFile(file)), types[extname(file)])
    } catch {
      return answer(404)
    }
  })
}

/**
 * The file behind an address, or undefined if it lies outside the folder or has a type that the
 * renderer does not use.
 */
function fileOf(address: string, folder: string): string | undefined {
  const { origin, host, pathname } = new URL(address)
  if (origin !== appOrigin && `app://${host}` !== appOrigin) return undefined
  let path: string
  try {
    path = normalize(join(folder, decodeURIComponent(pathname)))
  } catch {
    return undefined
  }
  const isInside = path.startsWith(folder + sep) && !path.includes('\0')
  return isInside && types[extname(path)] !== undefined ? path : undefined
}

function answer(status: number, body: Uint8Array<ArrayBuffer> | null = null, type = 'text/plain') {
  return new Response(body, {
    status,
    headers: {
      'Content-Type': type,
      'Content-Security-Policy': contentSecurityPolicy,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Resource-Policy': 'same-origin',
    },
  })
}

/**
 * Nothing is ever fetched from anywhere: only the app itself, and in development its dev server.
 */
export function lockNetwork(devServer: string | undefined): void {
  const allowed = ['app:', 'devtools:', 'blob:', 'data:']
  const devHost = devServer === undefined ? undefined : new URL(devServer).host
  session.defaultSession.webRequest.onBeforeRequest(({ url }, decide) => {
    const { protocol: scheme, host } = new URL(url)
    decide({ cancel: !allowed.includes(scheme) && (devHost === undefined || host !== devHost) })
  })
}
