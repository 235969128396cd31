/**
 * The whole app in a plain browser, on a rehearsed engine: `npx vite --config
 * renderer/testing/vite.config.ts`.
 */
import { mountApp } from '../mountApp.ts'
import { createFakeEngine } from './fakeEngine.ts'
import { createFakeShell } from './fakeShell.ts'

const query = new URLSearchParams(location.search)
const theme = query.get('theme') ?? 'system'
const shell = createFakeShell()
const describe = await shell.request('describe')
const engine = createFakeEngine({ pastRuns: Number(query.get('runs') ?? 12) })
mountApp(engine, createFakeShell({ describe: () => ({ ...describe, theme }) }))
engine.connect()
