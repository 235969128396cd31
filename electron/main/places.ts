/** Where the parts of the app lie, in the repository and in a package. */
import { app } from 'electron'
import { join } from 'node:path'

const built = (...parts: readonly string[]) => join(app.getAppPath(), 'out', ...parts)

/** Modules can't be loaded from inside app.asar. */
const threadScript = (name: string) =>
  app.isPackaged
    ? join(process.resourcesPath, 'app.asar.unpacked', 'out', 'threads', name)
    : built('threads', name)

export const places = {
  /** What app:// serves. */
  renderer: () => built('renderer'),
  preload: () => built('preload', 'index.cjs'),
  engineProcess: () => built('main', 'engineProcess.cjs'),
  engineThread: () => threadScript('engineThread.mjs'),
  workerThread: () => threadScript('workerThread.mjs'),
  viewsThread: () => threadScript('viewsThread.mjs'),
  readerProcess: () => built('main', 'readerProcess.cjs'),
  readerThread: () => threadScript('readerThread.mjs'),
  /** Bundled datasets and presets; beside app.asar in a package. */
  resources: () =>
    app.isPackaged ? join(process.resourcesPath, 'hiso') : join(app.getAppPath(), 'resources'),
  icon: () => built('renderer', 'icon.png'),
  settings: () => join(app.getPath('userData'), 'settings.json'),
  presets: () => join(places.resources(), 'presets'),
  /** Where new runs go, unless the renderer or `--library` says otherwise. */
  library: () => join(app.getPath('documents'), 'HiSo Studio'),
}
