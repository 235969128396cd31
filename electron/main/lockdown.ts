/**
 * What no page may do, whatever is in it: ask for permissions, navigate, open windows, embed pages,
 * download.
 */
import { app, session, shell } from 'electron'

/** Hosts whose pages may be opened in the user's browser. */
const pageHosts: readonly string[] = ['arxiv.org', 'doi.org', 'onnxruntime.ai', 'electronjs.org']

/** @param isTrusted whether an address is the app's own page */
export function lockDown(isTrusted: (address: string) => boolean): void {
  app.on('web-contents-created', (_event, contents) => {
    // A page could reach any host by UDP otherwise: neither the content security policy nor the
    // session's filter sees WebRTC.
    contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp')
    contents.on('will-navigate', (event, address: string) => {
      if (!isTrusted(address)) event.preventDefault()
    })
    contents.on('will-redirect', (event) => event.preventDefault())
    contents.on('will-frame-navigate', (event) => {
      if (!event.isMainFrame) event.preventDefault()
    })
    contents.on('will-attach-webview', (event) => event.preventDefault())
    contents.setWindowOpenHandler(({ url }) => {
      if (isAllowedPage(url)) void shell.openExternal(url)
      return { action: 'deny' }
    })
  })
}

/** Nothing listens there: what WebRTC sends by TCP through a proxy ends. */
const deadProxy = 'socks5://127.0.0.1:9'

/**
 * Must come after the app is ready.
 * @param hasDevServer whether the page itself comes over the network
 */
export function lockSession(hasDevServer: boolean): void {
  const { defaultSession } = session
  // The app's own scheme asks no proxy, and nothing else is ever fetched. Without the bypass rule,
  // which takes one back, the machine's own ports would be reached without the proxy.
  if (!hasDevServer)
    void defaultSession.setProxy({
      mode: 'fixed_servers',
      proxyRules: deadProxy,
      proxyBypassRules: '<-loopback>',
    })
  defaultSession.setPermissionRequestHandler((_contents, _permission, decide) => decide(false))
  defaultSession.setPermissionCheckHandler(() => false)
  defaultSession.setDevicePermissionHandler(() => false)
  defaultSession.on('will-download', (event) => event.preventDefault())
}

/** @throws Error when the page is on no host of the list */
export async function openPage(address: string): Promise<void> {
  if (!isAllowedPage(address)) throw new Error(`refused to open ${address}`)
  await shell.openExternal(address)
}

function isAllowedPage(address: string): boolean {
  try {
    const { protocol, host } = new URL(address)
    return protocol === 'https:' && pageHosts.includes(host.replace(/^www\./, ''))
  } catch {
    return false
  }
}
