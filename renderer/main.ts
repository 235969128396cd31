/**
 * The renderer's entry: connects the stores to the engine and the shell, mounts the app, then tells
 * main that the window may be shown.
 */
import { EngineClient } from './engine/engineClient.ts'
import { connectEngine } from './engine/connectEngine.ts'
import { mountApp } from './mountApp.ts'

const client = new EngineClient()
mountApp(client, window.shell)
connectEngine(client)
void window.shell.request('ready')
