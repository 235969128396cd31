/**
 * The preload: gives the page `window.shell` and nothing else. It runs sandboxed, in a context of
 * its own.
 */
import { contextBridge } from 'electron'
import { forwardEnginePorts, shellApi } from '../ipc/preloadSide.ts'

contextBridge.exposeInMainWorld('shell', shellApi)
forwardEnginePorts()
