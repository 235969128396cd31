/**
 * What renderer and main may say to each other: one map of requests, one of events, each with its
 * schema. Both sides check what arrives against it. The engine is not here: it speaks over its own
 * port (enginePort.ts), which main only brokers.
 */
import * as z from 'zod/mini'
import { menuCommands } from './menuCommand.ts'

// The preload's context forbids building functions from strings, which zod would otherwise try.
z.config({ jitless: true })

const none = z.void()
const path = z.string().check(z.minLength(1), z.maxLength(32_768))

const theme = z.enum(['system', 'light', 'dark'])
const recent = z.object({ kind: z.enum(['config', 'runFolder', 'runFile']), path })
const saveKind = z.enum([
  'config',
  'csv',
  'html',
  'json',
  'lesson',
  'markdown',
  'pdf',
  'png',
  'svg',
  'tex',
  'onnx',
  'safetensors',
  'runFile',
])
/** A dataset is a CSV file or a folder; no dialog of Linux and Windows offers both. */
const openKind = z.enum([
  'config',
  'runFolder',
  'runFile',
  'model',
  'dataset',
  'datasetFolder',
  'modelFolder',
  'texts',
  'template',
  'tokenizer',
  'library',
])
const content = z.union([z.string(), z.instanceof(Uint8Array)])
const preset = z.object({ name: z.string(), text: z.string() })

const description = z.object({
  version: z.string(),
  electron: z.string(),
  chrome: z.string(),
  /** How old the browser is, in words. */
  browserAge: z.optional(z.string()),
  platform: z.enum(['darwin', 'win32', 'linux']),
  /** Where new runs go, unless the user has chosen another folder. */
  library: path,
  theme,
  isDark: z.boolean(),
  isPackaged: z.boolean(),
  /** When the process began, in milliseconds since the epoch. */
  startedAt: z.number(),
  /** From then to the first `ready`, in milliseconds. */
  interactiveMs: z.optional(z.number()),
})

const engineState = z.object({
  /**
   * `lost`: it died, the next one is on its way and takes up the runs; `restarted`: there it is;
   * `failed`: there will be none.
   */
  state: z.enum(['starting', 'running', 'lost', 'restarted', 'failed']),
  /** For people: why, and what to do. */
  text: z.optional(z.string()),
})

/** Asked by the renderer, answered by main: arguments and result. */
export const shellRequests = {
  describe: { args: z.tuple([]), result: description },
  /** The renderer is there: events that waited are sent. */
  ready: { args: z.tuple([]), result: none },
  /** Asks for a (new) port to the engine; it comes as a window message, see enginePort.ts. */
  connectEngine: { args: z.tuple([]), result: engineState },
  /** Tries to start an engine that has failed. */
  restartEngine: { args: z.tuple([]), result: none },
  /** The presets that come with the app; a name is what `hiso run` takes. */
  readPresets: { args: z.tuple([]), result: z.array(preset) },

  /** Lets the user choose what to open. @returns undefined when they thought better of it */
  chooseToOpen: { args: z.tuple([openKind]), result: z.optional(path) },
  listRecent: { args: z.tuple([]), result: z.array(recent) },
  rememberRecent: { args: z.tuple([recent]), result: none },
  clearRecent: { args: z.tuple([]), result: none },
  /**
   * Lets the user choose a file and writes it. @returns its path, or undefined when they thought
   * better of it
   */
  saveAs: { args: z.tuple([saveKind, z.string(), content]), result: z.optional(path) },
  /**
   * Writes again to a file that the user has chosen in this session, by `saveAs` or by opening it.
   */
  saveAgain: { args: z.tuple([path, content]), result: none },

  showInFolder: { args: z.tuple([path]), result: none },
  /** Moves run folders and run files to the trash, nothing else. */
  trash: { args: z.tuple([z.array(path)]), result: none },
  copyText: { args: z.tuple([z.string()]), result: none },
  /** Opens a page in the browser; only on hosts of main's list. */
  openPage: { args: z.tuple([z.string()]), result: none },

  setTheme: { args: z.tuple([theme]), result: none },
  /** Begins or ends the presentation: full screen, scaled as one. */
  present: { args: z.tuple([z.boolean()]), result: none },
  /** Which menu items can be chosen now; those not named stay as they are. */
  enableCommands: {
    args: z.tuple([z.partialRecord(z.enum(menuCommands), z.boolean())]),
    result: none,
  },
} as const satisfies Record<string, { args: z.ZodMiniTuple; result: z.ZodMiniType }>

/** Told by main to the renderer. */
export const shellEvents = {
  menuCommandChosen: z.object({ command: z.enum(menuCommands) }),
  /** From the system, the command line, the list of recent files or a second start. */
  fileOpened: z.object({ path }),
  /** A hiso:// address, as it came: the renderer reads it, and asks. */
  linkOpened: z.object({ link: z.string().check(z.maxLength(32_768)) }),
  recentChanged: z.array(recent),
  themeChanged: z.object({ theme, isDark: z.boolean() }),
  engineStateChanged: engineState,
  /** It has ended without having been asked for here. */
  presentationChanged: z.object({ isPresenting: z.boolean() }),
} as const satisfies Record<string, z.ZodMiniType>

export type ShellRequestName = keyof typeof shellRequests
export type ShellArguments<Name extends ShellRequestName> = z.output<
  (typeof shellRequests)[Name]['args']
>
export type ShellResult<Name extends ShellRequestName> = z.output<
  (typeof shellRequests)[Name]['result']
>
export type ShellEventName = keyof typeof shellEvents
export type ShellEvent<Name extends ShellEventName> = z.output<(typeof shellEvents)[Name]>

export type Theme = z.output<typeof theme>
export type OpenKind = z.output<typeof openKind>
export type SaveKind = z.output<typeof saveKind>
export type RecentFile = z.output<typeof recent>
export type ShellDescription = z.output<typeof description>
export type FileContent = z.output<typeof content>
export type PresetFile = z.output<typeof preset>
export type EngineState = z.output<typeof engineState>

/**
 * How an answer travels: an error as data, since Electron would keep of it only a decorated
 * message.
 */
export type Answer =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly message: string }

/** Channel names; everything that crosses begins so. */
export const channelOf = (name: ShellRequestName | ShellEventName): string => `shell:${name}`
