/**
 * Electron's security checklist, point by point. @see
 * https://www.electronjs.org/docs/latest/tutorial/security
 */
import { createSocket } from 'node:dgram'
import { readFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { parse } from 'yaml'
import { askShell } from './bare.ts'
import { repository } from './repository.ts'
import { expect, test, type Launched } from './studio.ts'

type Preferences = Record<string, unknown>

async function preferencesOf({ app }: Launched): Promise<Preferences> {
  return app.evaluate(({ webContents }) => {
    const found = webContents.getAllWebContents()[0] as unknown as {
      getLastWebPreferences(): Preferences
    }
    return { ...found.getLastWebPreferences() }
  })
}

const read = (...path: string[]) => readFile(join(repository, ...path), 'utf8')

/** Tries to fetch something in the page; the result is the status, or "refused". */
function fetchIn(page: Page, address: string): Promise<string> {
  return page.evaluate(
    (url) =>
      fetch(url).then(
        ({ status }) => String(status),
        () => 'refused',
      ),
    address,
  )
}

test.describe('what is tried and refused', () => {
  // The browser says so in the console; that is how one sees that it was refused.
  test.use({
    expectedComplaints: [/Refused to|Failed to (load|fetch)|Not allowed|violates|blocked|ERR_/i],
  })

  test('by the network, the policy and the scheme', async ({ launched: { app, page } }) => {
    await test.step('1. only secure content is loaded: the network is out of reach', async () => {
      expect(await fetchIn(page, 'https://example.org/')).toBe('refused')
      expect(await fetchIn(page, 'http://127.0.0.1:9/')).toBe('refused')
      const outcome = await app.evaluate(({ net }) =>
        net.fetch('http://127.0.0.1:9/').then(String, (error: Error) => error.message),
      )
      expect(outcome).toContain('ERR_BLOCKED_BY_CLIENT')
    })

    await test.step('1. nor does WebRTC reach it, by UDP or by TCP', async () => {
      const heard: string[] = []
      const udp = createSocket('udp4').on('message', () => heard.push('udp'))
      await new Promise<void>((resolve) => udp.bind(0, '127.0.0.1', resolve))
      const tcp = createServer(() => heard.push('tcp'))
      await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve))
      const ports = { udp: udp.address().port, tcp: (tcp.address() as AddressInfo).port }
      const candidates = await page.evaluate(async ({ udp: stun, tcp: turn }) => {
        const account = { username: 'a', credential: 'b' }
        const connection = new RTCPeerConnection({
          iceServers: [
            { urls: `stun:127.0.0.1:${stun}` },
            { urls: `turn:127.0.0.1:${stun}`, ...account },
            { urls: `turn:127.0.0.1:${turn}?transport=tcp`, ...account },
          ],
        })
        const found: string[] = []
        connection.addEventListener('icecandidate', ({ candidate }) => {
          if (candidate !== null && candidate.candidate !== '') found.push(candidate.candidate)
        })
        connection.createDataChannel('any')
        await connection.setLocalDescription()
        const isDone = () => connection.iceGatheringState === 'complete'
        for (let waited = 0; waited < 100 && !isDone(); waited++)
          await new Promise((resolve) => setTimeout(resolve, 50))
        connection.close()
        return found
      }, ports)
      udp.close()
      tcp.close()
      expect(heard).toEqual([])
      expect(candidates).toEqual([])
    })

    await test.step('5. every permission is denied', async () => {
      const outcomes = await page.evaluate(async () => {
        const names = [
          'geolocation',
          'notifications',
          'camera',
          'microphone',
          'clipboard-read',
          'midi',
        ]
        return Promise.all(
          names.map((name) =>
            navigator.permissions.query({ name: name as PermissionName }).then(
              ({ state }) => state,
              () => 'denied',
            ),
          ),
        )
      })
      expect(new Set(outcomes)).toEqual(new Set(['denied']))
      const asked = await page.evaluate(() => Notification.requestPermission())
      expect(asked).toBe('denied')
    })

    await test.step('7. the content security policy lets in nothing but the app itself', async () => {
      const policy = await page.evaluate(() =>
        fetch(location.href).then(({ headers }) => headers.get('content-security-policy')),
      )
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("script-src 'self'")
      expect(policy).toContain("style-src 'self'")
      expect(policy).not.toMatch(/unsafe|\*|https?:/)
      const blocked = await page.evaluate(async () => {
        const violations: string[] = []
        document.addEventListener('securitypolicyviolation', (event) =>
          violations.push(event.effectiveDirective),
        )
        const script = document.createElement('script')
        script.textContent = 'globalThis.wasRun = true'
        document.body.append(script)
        const style = document.createElement('style')
        style.textContent = 'body { display: none }'
        document.body.append(style)
        const image = document.createElement('img')
        image.src = 'https://example.org/pixel.png'
        document.body.append(image)
        while (new Set(violations).size < 3) await new Promise((resolve) => setTimeout(resolve, 20))
        return { violations, wasRun: 'wasRun' in globalThis }
      })
      expect(blocked.wasRun).toBe(false)
      expect(blocked.violations).toEqual(
        expect.arrayContaining(['script-src-elem', 'style-src-elem', 'img-src']),
      )
      const evaluated = await page.evaluate(() => {
        const script = document.createElement('button')
        script.setAttribute('onclick', 'globalThis.wasClicked = true')
        script.click()
        return 'wasClicked' in globalThis
      })
      expect(evaluated).toBe(false)
    })

    await test.step('18. its scheme serves the built page, and nothing outside it', async () => {
      expect(page.url()).toBe('app://studio/index.html')
      const outside = [
        '../main/index.cjs',
        '%2e%2e/main/index.cjs',
        '..%2f..%2fpackage.json',
        'no.js',
      ]
      for (const path of outside)
        expect(await fetchIn(page, `app://studio/${path}`), path).toBe('404')
      expect(await fetchIn(page, 'file:///etc/hostname')).toBe('refused')
    })

    await test.step('14. no windows can be opened', async () => {
      const opened = await page.evaluate(() => window.open('https://example.org/') !== null)
      expect(opened).toBe(false)
      await page.evaluate(() => {
        const link = document.createElement('a')
        link.href = 'https://example.org/'
        link.target = '_blank'
        document.body.append(link)
        link.click()
      })
      expect(app.windows()).toHaveLength(1)
    })

    await test.step('13. the page can not navigate away', async () => {
      const before = page.url()
      await app.evaluate(({ webContents }) => {
        const refused: string[] = []
        Object.assign(globalThis, { refused })
        webContents.getAllWebContents()[0]?.on('will-navigate', (event, address: string) => {
          if (event.defaultPrevented) refused.push(address)
        })
      })
      const refused = () =>
        app.evaluate(() => (globalThis as unknown as { refused: string[] }).refused)
      // Chromium itself refuses the file, and asks nobody.
      await page.evaluate(() => void (location.href = 'file:///etc/passwd'))
      for (const address of ['https://example.org/', 'app://other/index.html']) {
        await page.evaluate((url) => void (location.href = url), address)
        await expect.poll(refused).toContain(address)
      }
      expect(page.url()).toBe(before)
    })
  })
})

test('what a page is given', async ({ launched }) => {
  const { app, page } = launched

  await test.step('2. Node.js is not in the page', async () => {
    const { nodeIntegration, nodeIntegrationInWorker, nodeIntegrationInSubFrames } =
      await preferencesOf(launched)
    expect([nodeIntegration, nodeIntegrationInWorker, nodeIntegrationInSubFrames]).not.toContain(
      true,
    )
    const found = await page.evaluate(() =>
      ['require', 'process', 'module', 'Buffer', 'global'].filter((name) => name in globalThis),
    )
    expect(found).toEqual([])
  })

  await test.step('3. the preload has a context of its own', async () => {
    expect((await preferencesOf(launched))['contextIsolation']).not.toBe(false)
    const leaked = await page.evaluate(() => {
      const { shell } = window as unknown as { shell: { request: () => unknown } }
      // Were the contexts one, this would be the preload's own Function, with its globals.
      const made = (shell.request.constructor as typeof Function)('return typeof ipcRenderer')
      return (made as () => string)()
    })
    expect(leaked).toBe('undefined')
  })

  await test.step('4. pages are sandboxed', async () => {
    expect((await preferencesOf(launched))['sandbox']).toBe(true)
    expect(await read('electron', 'main', 'index.ts')).toContain('app.enableSandbox()')
  })

  await test.step('6. web security is on', async () => {
    expect((await preferencesOf(launched))['webSecurity']).not.toBe(false)
  })

  await test.step('8. insecure content is not allowed to run', async () => {
    expect((await preferencesOf(launched))['allowRunningInsecureContent']).not.toBe(true)
  })

  await test.step('9. experimental features are off', async () => {
    expect((await preferencesOf(launched))['experimentalFeatures']).not.toBe(true)
  })

  await test.step('10. no Blink features are switched on', async () => {
    expect((await preferencesOf(launched))['enableBlinkFeatures'] ?? '').toBe('')
  })

  await test.step('11. there are no webviews, and so none with popups', async () => {
    expect((await preferencesOf(launched))['webviewTag']).not.toBe(true)
    expect(await page.locator('webview').count()).toBe(0)
  })

  await test.step('12. a webview that came up all the same would not be attached', async () => {
    const isPrevented = await app.evaluate(({ webContents }) => {
      let wasPrevented = false
      const event = { preventDefault: () => (wasPrevented = true) }
      webContents.getAllWebContents()[0]?.emit('will-attach-webview', event, {}, {})
      return wasPrevented
    })
    expect(isPrevented).toBe(true)
  })

  await test.step('20. the page gets three functions, and none of Electron’s', async () => {
    const found = await page.evaluate(() => {
      const { shell } = window as unknown as { shell: Record<string, unknown> }
      const canChange = Reflect.set(shell, 'request', null) || Reflect.set(shell, 'more', 1)
      return { names: Object.keys(shell).sort(), canChange }
    })
    expect(found.names).toEqual(['listen', 'pathOf', 'request'])
    expect(found.canChange).toBe(false)
  })
})

test('15. only pages on the list are opened in the browser', async ({
  launched: { app, page },
}) => {
  await app.evaluate(({ shell }) => {
    const opened: string[] = []
    Object.assign(globalThis, { opened })
    Object.assign(shell, {
      openExternal: (address: string) => {
        opened.push(address)
        return Promise.resolve()
      },
    })
  })
  for (const address of [
    'https://example.org/',
    'file:///etc/passwd',
    'http://arxiv.org/',
    'calc:',
  ])
    await expect(askShell(page, 'openPage', address)).rejects.toThrow('refused to open')
  await askShell(page, 'openPage', 'https://arxiv.org/abs/2506.02370')
  const opened = await app.evaluate(() => (globalThis as unknown as { opened: string[] }).opened)
  expect(opened).toEqual(['https://arxiv.org/abs/2506.02370'])
})

test('16. the app is built for a current Electron', async () => {
  const { version } = JSON.parse(await read('node_modules', 'electron', 'package.json')) as {
    version: string
  }
  expect(Number(version.split('.')[0])).toBeGreaterThanOrEqual(45)
})

test.describe('17. the sender of every message is checked', () => {
  test.use({ expectedComplaints: [/./] })

  test('what does not fit the contract is refused', async ({ launched: { page } }) => {
    await expect(askShell(page, 'setTheme', 'purple')).rejects.toThrow()
    await expect(askShell(page, 'noSuchRequest')).rejects.toThrow('there is no request')
    await expect(askShell(page, 'constructor')).rejects.toThrow('there is no request')
  })

  test('a foreign page with the same preload is refused', async ({ launched: { app } }) => {
    const outcome = await app.evaluate(async ({ app: electron, BrowserWindow }) => {
      const stranger = new BrowserWindow({
        show: false,
        webPreferences: {
          preload: `${electron.getAppPath()}/out/preload/index.cjs`,
          sandbox: true,
        },
      })
      await stranger.loadURL('data:text/html,<p>stranger')
      return stranger.webContents.executeJavaScript(
        `shell.request('describe').then(() => 'answered', (error) => error.message)`,
      ) as Promise<string>
    })
    expect(outcome).toContain('refused')
  })
})

test('19. the fuses are set for packages', async () => {
  const { electronFuses } = parse(await read('electron-builder.yml')) as {
    electronFuses: Record<string, boolean>
  }
  expect(electronFuses).toMatchObject({
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    grantFileProtocolExtraPrivileges: false,
  })
})
