/** Links out of the app and into it: what is open as an address, and an address that was opened. */
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { readLink, writeLink, type Packing, type ReadLink } from '../../core/link/index.ts'
import { stageViews, type StageView } from '../../core/lessons/index.ts'
import { differences } from '../config/differences.ts'
import { bundledLessons } from '../config/lessons.ts'
import { presets, startOf } from '../config/presets.ts'
import { useDraft } from './draft.ts'
import { useLessons } from './lessons.ts'
import { useNotices } from './notices.ts'
import { shellPort } from './ports.ts'
import { useStage } from './stage.ts'
import { useWorkspace } from './workspace.ts'

const configs = new Map(
  presets.flatMap(({ name, config }) => (config === undefined ? [] : [[name, config] as const])),
)

const packing: Packing = {
  deflate: (bytes) => throughStream(bytes, new CompressionStream('deflate-raw'), Infinity),
  inflate: (bytes, most) => throughStream(bytes, new DecompressionStream('deflate-raw'), most),
}

async function throughStream(
  bytes: Uint8Array,
  stream: CompressionStream | DecompressionStream,
  most: number,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  let length = 0
  const source = new Blob([bytes.slice()]).stream().pipeThrough(stream)
  const reader = source.getReader()
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    length += read.value.length
    if (length > most) throw new Error('it unpacks to too much')
    pieces.push(read.value)
  }
  return new Uint8Array(await new Blob(pieces as BlobPart[]).arrayBuffer())
}

export const useLinks = defineStore('links', () => {
  const workspace = useWorkspace()
  const draft = useDraft()
  const lessons = useLessons()
  const stage = useStage()
  const notices = useNotices()
  /** A link that waits for a yes. */
  const asked = shallowRef<ReadLink>()

  /** The config that the view on screen is about. */
  const config = computed(() =>
    workspace.view === 'configure' ? draft.config : (workspace.currentRun?.config ?? draft.config),
  )

  async function copy(): Promise<void> {
    try {
      const shown = config.value
      if (shown === undefined) return
      const link = await writeLink(
        {
          config: shown,
          view: isStageView(workspace.view) ? workspace.view : 'configure',
          hasControls: stage.hasControls,
          ...(stage.charts !== undefined && { charts: stage.charts }),
          ...(stage.lossScale !== undefined && { lossScale: stage.lossScale }),
          ...lessonPart(),
        },
        configs,
        packing,
      )
      await shellPort().request('copyText', link)
      notices.show({
        tone: 'good',
        title: `Copied a link of ${link.length} letters`,
        text: 'It opens this configuration and view in HiSo Studio elsewhere.',
      })
    } catch (thrown) {
      notices.fail('There is no link to this', thrown)
    }
  }

  function lessonPart(): Pick<ReadLink, 'lesson'> {
    const { name, at } = lessons
    if (name === undefined) return {}
    if (bundledLessons.some((it) => it.name === name)) return { lesson: { name, page: at } }
    throw new Error(
      'A lesson of your own does not fit into a link. Save it for students as a file instead.',
    )
  }

  async function open(link: string): Promise<void> {
    try {
      asked.value = await readLink(link, configs, packing)
      workspace.dialog = 'link'
    } catch (thrown) {
      notices.fail('The link can’t be opened', thrown)
    }
  }

  /** The preset that the link begins from, and what it would change of it. */
  const askedPreset = computed(() => asked.value && configs.get(asked.value.preset))
  const changes = computed(() => {
    const link = asked.value
    return link === undefined ? [] : differences(askedPreset.value, link.config)
  })

  function accept(): void {
    const link = asked.value
    asked.value = undefined
    workspace.dialog = undefined
    if (link === undefined) return
    const { preset, lesson } = link
    const start = startOf(presets.find(({ name }) => name === preset)!)!
    draft.begin({ ...start, title: `a link, from ${preset}` })
    draft.replace(link.config)
    // It holds one run, whatever its preset names beside it.
    draft.isAlone = true
    if (lesson !== undefined) {
      const file = bundledLessons.find(({ name }) => name === lesson.name)
      if (file !== undefined && lessons.open(file, lesson.page)) return
      if (file === undefined)
        notices.show({
          tone: 'bad',
          title: `This HiSo Studio has no lesson ${lesson.name}`,
          text: 'The configuration of the link is in the form.',
        })
    }
    stage.charts = link.charts
    stage.lossScale = link.lossScale
    stage.hasControls = link.hasControls
    // Other views show a run: there is none before it is started.
    workspace.show('configure')
  }

  return { asked, askedPreset, changes, copy, open, accept }
})

function isStageView(view: string): view is StageView {
  return (stageViews as readonly string[]).includes(view)
}
